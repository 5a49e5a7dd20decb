"""Writing the library as a content folder."""

from collections.abc import Iterator
from pathlib import Path

from manuals import tree
from manuals.exchange import folder, job_functions, pages
from manuals.exchange.references import References
from manuals.models import AnswerPage, ChapterPage, ManualPage, PolicyPage


class ExportRefused(Exception):
    """The folder cannot be written to. The message says why, and what to do."""


def export_folder(root: Path) -> int:
    """Write every published page, the job functions and the files that pages refer to; return how many files.

    Raises `ExportRefused` where the folder has something in it already: an export mixes with nothing.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise ExportRefused(f"{root} is not empty. Name a new folder, or empty that one.")
    count = 0
    for path, content in _contents():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        count += 1
    return count


def _contents() -> Iterator[tuple[str, bytes]]:
    """Yield path and contents of each file."""
    known = pages.Known(References())
    if known.job_functions:
        yield folder.JOB_FUNCTIONS, job_functions.write().encode()
    for policy in PolicyPage.objects.child_of(tree.policy_index()).live().order_by("slug"):
        yield f"policies/{policy.slug}.md", pages.write(policy, known).encode()
    for answer in AnswerPage.objects.child_of(tree.answer_index()).live().order_by("slug"):
        yield f"answers/{answer.slug}.md", pages.write(answer, known).encode()
    for number, manual in enumerate(ManualPage.objects.child_of(tree.manual_index()).live().order_by("path"), start=1):
        name = f"manuals/{number:02}-{manual.slug}"
        yield f"{name}/{folder.MANUAL}", pages.write(manual, known).encode()
        chapters = ChapterPage.objects.child_of(manual).live().order_by("path")
        for place, chapter in enumerate(chapters, start=1):
            yield f"{name}/{place:02}-{chapter.slug}.md", pages.write(chapter, known).encode()
    for name, item in sorted(known.references.used.items()):
        with item.open_file() as file:
            yield f"{folder.MEDIA}/{name}", file.read()
