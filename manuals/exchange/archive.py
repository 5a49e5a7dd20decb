"""A content folder in a zip file."""

import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from manuals.exchange.errors import FileError, ImportRefused

MAX_FILES = 5_000
MAX_BYTES = 200_000_000


@contextmanager
def unpacked(file: IO[bytes], name: str) -> Iterator[Path]:
    """Yield a temporary folder with what the zip holds; a single folder that holds everything is stepped into.

    Raises `ImportRefused` for what is no zip file, or one that is too large or reaches outside itself.
    """
    with tempfile.TemporaryDirectory(prefix="portal-import-") as folder:
        try:
            with zipfile.ZipFile(file) as archive:
                _check(archive, name)
                _unpack(archive, Path(folder), name)
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            EOFError,
            OSError,
            ValueError,
        ) as error:
            raise ImportRefused([FileError(name, 0, f"This zip file cannot be read: {error}.")]) from None
        yield _root(Path(folder))


def _check(archive: zipfile.ZipFile, name: str) -> None:
    """Raise `ImportRefused` before anything is unpacked."""
    infos = archive.infolist()
    errors = []
    if len(infos) > MAX_FILES:
        errors.append(FileError(name, 0, f"It holds more than {MAX_FILES:,} files."))
    if sum(info.file_size for info in infos) > MAX_BYTES:
        errors.append(FileError(name, 0, f"It holds more than {MAX_BYTES // 1_000_000} MB."))
    for info in infos:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            errors.append(FileError(name, 0, f"It holds a file that reaches outside: {info.filename}."))
        elif stat.S_ISLNK(info.external_attr >> 16):
            errors.append(FileError(name, 0, f"It holds a link: {info.filename}. Put the file itself there."))
    if errors:
        raise ImportRefused(errors)


def _unpack(archive: zipfile.ZipFile, folder: Path, name: str) -> None:
    """Write the files. Sizes are counted as they are read, since an archive may lie about them."""
    left = MAX_BYTES
    for info in archive.infolist():
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if info.is_dir() or path.parts[0] == "__MACOSX":
            continue
        target = folder.joinpath(*path.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, target.open("wb") as copy:
            while chunk := source.read(1 << 16):
                left -= len(chunk)
                if left < 0:
                    raise ImportRefused([FileError(name, 0, f"It holds more than {MAX_BYTES // 1_000_000} MB.")])
                copy.write(chunk)


def _root(folder: Path) -> Path:
    """Return the folder, or the one folder in it that holds everything."""
    inside = [item for item in folder.iterdir() if not item.name.startswith(".")]
    known = {"policies", "answers", "manuals", "media"}
    if len(inside) == 1 and inside[0].is_dir() and inside[0].name not in known:
        return inside[0]
    return folder
