"""Images and documents of a content folder."""

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha1
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, UnidentifiedImageError
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from manuals.exchange.errors import ErrorsOf
from manuals.exchange.folder import IMAGE_SUFFIXES
from portal.people.models import User


@dataclass
class SavedFiles:
    """Files that a run has put into storage, which no database takes back."""

    saved: list[Any] = field(default_factory=list)

    def take_back(self) -> None:
        """Delete them."""
        for file in self.saved:
            file.storage.delete(file.name)
        self.saved.clear()


@contextmanager
def taken_back_on_failure() -> Iterator[SavedFiles]:
    """Yield a place to note saved files in; they are deleted where the block raises."""
    files = SavedFiles()
    try:
        yield files
    except BaseException:
        files.take_back()
        raise


def import_file(path: Path, files: SavedFiles, user: User | None, errors: ErrorsOf) -> bool:
    """Add one image or document unless it is there; return whether it was added.

    Adds an error where a file of this name is there with other contents, and for what is no image in spite of its name.
    """
    is_image = path.suffix.lower() in IMAGE_SUFFIXES
    model = get_image_model() if is_image else get_document_model()
    content = path.read_bytes()
    for other in model.objects.filter(file__endswith=path.name):
        if posixpath.basename(other.file.name) == path.name:
            if other.get_file_hash() != sha1(content, usedforsecurity=False).hexdigest():
                errors.add(0, "Another file of this name is on the portal already. Give this one another name.")
            return False
    if is_image and not _is_readable(content):
        errors.add(0, "This is not an image that can be read.")
        return False
    item = model(title=path.stem.replace("-", " "), file=ContentFile(content, name=path.name), uploaded_by_user=user)
    item.save()
    files.saved.append(item.file)
    item.get_file_size()
    item.get_file_hash()
    if posixpath.basename(item.file.name) != path.name:
        errors.add(0, "The storage has a file of this name that no page knows. Give this one another name.")
    return True


def _is_readable(content: bytes) -> bool:
    """Return whether this is an image of a kind that pages can show."""
    try:
        with Image.open(BytesIO(content), formats=["GIF", "JPEG", "PNG", "WEBP"]) as image:
            image.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return False
    return True
