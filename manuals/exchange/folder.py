"""The files of a content folder: which there are, what each is, and what does not belong."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from manuals.exchange import front_matter
from manuals.exchange.errors import ErrorsOf, FileError
from manuals.exchange.front_matter import FrontMatter

JOB_FUNCTIONS = "job-functions.md"
MEDIA = "media"
MANUAL = "manual.md"
KINDS = {"policies": "policy", "answers": "answer"}
MAX_TEXT_BYTES = 1_000_000
MAX_MEDIA_BYTES = 20_000_000

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_PAGE = re.compile(rf"^(?P<folder>policies|answers)/(?P<slug>{_SLUG})\.md$")
_MANUAL = re.compile(rf"^manuals/(?P<number>\d+)-(?P<slug>{_SLUG})/manual\.md$")
_CHAPTER = re.compile(rf"^manuals/(?P<manual>\d+-{_SLUG})/(?P<number>\d+)-(?P<slug>{_SLUG})\.md$")
IMAGE_SUFFIXES = {".gif", ".jpg", ".jpeg", ".png", ".webp"}


@dataclass
class ContentFile:
    """A file that becomes a page: its kind and slug, its place among its siblings, and what it says."""

    path: str
    kind: str
    slug: str
    front: FrontMatter
    errors: ErrorsOf
    number: int = 0
    manual: str = ""


@dataclass
class Folder:
    """A content folder, read. `media` names the files under media/, `errors` what cannot be read."""

    root: Path
    pages: list[ContentFile] = field(default_factory=list)
    job_functions: ContentFile | None = None
    media: list[Path] = field(default_factory=list)
    errors: list[FileError] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[ContentFile]:
        """Return the files of this kind in the order of their numbers, then by path."""
        return sorted((page for page in self.pages if page.kind == kind), key=lambda page: (page.number, page.path))


def read(root: Path) -> Folder:
    """Read a content folder. Hidden files are passed over; everything else that has no place is an error."""
    found = Folder(root)
    if not root.is_dir():
        found.errors.append(FileError(str(root), 0, "There is no such folder."))
        return found
    for file in sorted(root.rglob("*")):
        relative = file.relative_to(root)
        if any(part.startswith(".") for part in relative.parts) or (file.is_dir() and not file.is_symlink()):
            continue
        path = relative.as_posix()
        if file.is_symlink() or not file.is_file():
            found.errors.append(FileError(path, 0, "This is a link or a special file. Put the file itself here."))
        elif relative.parts[0] == MEDIA:
            _add_media(file, path, found)
        else:
            _add_text(file, path, found)
    if not found.pages and not found.errors and found.job_functions is None:
        found.errors.append(FileError(str(root), 0, "There is no content here: see docs/content-format.md."))
    _check_slugs(found)
    return found


def _add_media(file: Path, path: str, found: Folder) -> None:
    """Add an image or document."""
    allowed = {f".{extension}" for extension in settings.WAGTAILDOCS_EXTENSIONS} | IMAGE_SUFFIXES
    if path.count("/") != 1:
        found.errors.append(FileError(path, 0, "Files stand in media/ itself, not in folders below it."))
    elif file.suffix.lower() not in allowed:
        found.errors.append(
            FileError(path, 0, f"Files of this kind are not taken. Known: {', '.join(sorted(allowed))}.")
        )
    elif file.stat().st_size > MAX_MEDIA_BYTES:
        found.errors.append(FileError(path, 0, f"The file is larger than {MAX_MEDIA_BYTES // 1_000_000} MB."))
    else:
        found.media.append(file)


def _add_text(file: Path, path: str, found: Folder) -> None:
    """Add a page's file, or say why it has no place."""
    errors = ErrorsOf(path)
    page = _place(path, errors)
    if page is None:
        errors.add(
            0,
            "This has no place here: pages are policies/SLUG.md, answers/SLUG.md, manuals/NN-SLUG/manual.md and "
            "manuals/NN-SLUG/NN-SLUG.md, with lower-case letters, digits and hyphens in a slug.",
        )
    else:
        text = _decoded(file, errors)
        front = front_matter.read(text, errors) if text is not None else None
        if front is not None:
            page.front = front
            if page.kind == "job_functions":
                found.job_functions = page
            else:
                found.pages.append(page)
    found.errors += errors.found
    errors.found.clear()


def _place(path: str, errors: ErrorsOf) -> ContentFile | None:
    """Return what a path stands for, without its contents yet."""
    if path == JOB_FUNCTIONS:
        return ContentFile(path, "job_functions", "", FrontMatter(), errors)
    if match := _PAGE.match(path):
        return ContentFile(path, KINDS[match["folder"]], match["slug"], FrontMatter(), errors)
    if match := _MANUAL.match(path):
        folder = f"{match['number']}-{match['slug']}"
        return ContentFile(path, "manual", match["slug"], FrontMatter(), errors, int(match["number"]), folder)
    if match := _CHAPTER.match(path):
        return ContentFile(path, "chapter", match["slug"], FrontMatter(), errors, int(match["number"]), match["manual"])
    return None


def _decoded(file: Path, errors: ErrorsOf) -> str | None:
    """Return a file's text with Unix line ends, or None after saying why it cannot be had."""
    if file.stat().st_size > MAX_TEXT_BYTES:
        errors.add(0, f"The file is larger than {MAX_TEXT_BYTES // 1_000_000} MB.")
        return None
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        errors.add(line, "This is not UTF-8 text. Save the file as UTF-8.")
        return None
    if "\0" in text:
        errors.add(text[: text.index("\0")].count("\n") + 1, "This is not text.")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_slugs(found: Folder) -> None:
    """Refuse two pages at one address, and a chapter whose manual is not there."""
    seen: dict[tuple[str, str, str], str] = {}
    folders = {page.manual for page in found.pages if page.kind == "manual"}
    unreadable = {error.path for error in found.errors}
    for page in found.pages:
        key = (page.kind, page.manual if page.kind == "chapter" else "", page.slug)
        if key in seen:
            found.errors.append(FileError(page.path, 0, f"{seen[key]} has the same slug."))
        seen.setdefault(key, page.path)
        missing = f"manuals/{page.manual}/{MANUAL}"
        if page.kind == "chapter" and page.manual not in folders and missing not in unreadable:
            found.errors.append(FileError(page.path, 0, f"Its manual is missing: there is no {missing}."))
