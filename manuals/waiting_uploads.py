"""Files that were looked at and wait to be imported, for an hour at most."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import get_random_string

SALT = "manuals.waiting_uploads"
MAX_AGE = 3600  # seconds


class Gone(Exception):
    """There is no such file any more, or there never was."""


def keep(upload: UploadedFile) -> str:
    """Keep an uploaded file and return the signed token that opens it again. Removes those that waited too long."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - MAX_AGE:
            old.unlink(missing_ok=True)
    name = get_random_string(32)
    with (folder / name).open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return signing.dumps(name, salt=SALT)


@contextmanager
def opened(token: str) -> Iterator[IO[bytes]]:
    """Yield a kept file. Raises `Gone`."""
    try:
        file = _path(token).open("rb")
    except FileNotFoundError:
        raise Gone from None
    with file:
        yield file


def forget(token: str) -> None:
    """Remove a kept file."""
    _path(token).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "imports"


def _path(token: str) -> Path:
    """Return where a token's file is. Raises `Gone` for a token that was not made here, or too long ago."""
    try:
        name: str = signing.loads(token, salt=SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        raise Gone from None
    return _folder() / name
