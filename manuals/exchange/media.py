"""Images and documents: into the library, and out of storage again where what brought them in fails."""

import posixpath
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.utils.file import hash_filelike

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
            # One that could not be stored has no name.
            if file.name:
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


def hash_of(content: bytes) -> str:
    """Return the hash by which an image or a document with these contents is known to the library."""
    found: str = hash_filelike(BytesIO(content))
    return found


def save(item: Any, name: str, content: bytes, files: SavedFiles) -> None:
    """Save a new image or document with its contents, under this name or, where that is taken, another like it."""
    file = item.file
    # Noted first: it gets its name once it is in storage, and what comes after that may fail.
    files.saved.append(file)
    file.save(name, ContentFile(content, name=name), save=False)
    item.file_size = len(content)
    item.file_hash = hash_of(content)
    item.save()


def import_file(path: Path, files: SavedFiles, user: User | None, errors: ErrorsOf) -> bool:
    """Add one image or document unless it is there; return whether it was added.

    Adds an error where a file of this name is there with other contents, and for what is no image in spite of its name.
    """
    is_image = path.suffix.lower() in IMAGE_SUFFIXES
    model = get_image_model() if is_image else get_document_model()
    content = path.read_bytes()
    for other in model.objects.filter(file__endswith=path.name):
        if posixpath.basename(other.file.name) == path.name:
            if other.get_file_hash() != hash_of(content):
                errors.add(0, "Another file of this name is on the portal already. Give this one another name.")
            return False
    if is_image and not is_readable_image(content):
        errors.add(0, "This is not an image that can be read.")
        return False
    item = model(title=path.stem.replace("-", " "), uploaded_by_user=user)
    save(item, path.name, content, files)
    if posixpath.basename(item.file.name) != path.name:
        errors.add(0, "The storage has a file of this name that no page knows. Give this one another name.")
    return True


def is_readable_image(content: bytes) -> bool:
    """Return whether this is a whole image of a kind that pages can show."""
    try:
        with _opened(content) as image:
            image.verify()
        # What is verified has to be opened anew; and only reading it all finds that its end is missing.
        with _opened(content) as image:
            image.load()
    except Exception:
        # Pillow's readers stumble in as many ways as there are broken images.
        return False
    return True


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=["GIF", "JPEG", "PNG", "WEBP"])
