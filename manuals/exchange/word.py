"""A Word manual as chapters of a manual on the portal."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Page

from manuals.exchange import body, media, word_reading
from manuals.exchange.errors import ErrorsOf, ImportRefused
from manuals.exchange.word_blocks import summary
from manuals.exchange.word_chapters import WordChapter, divided
from manuals.exchange.word_elements import shortened
from manuals.exchange.word_sections import SectionWriter
from manuals.models import ChapterPage, ManualPage
from portal.people.models import User

HEADING_LENGTH = 150


@dataclass
class WordSummary:
    """What an import has added, and what someone should look at (`remarks`, a sentence each)."""

    chapters: int = 0
    sections: int = 0
    images: int = 0
    remarks: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = {"chapter": self.chapters, "section": self.sections, "image": self.images}
        return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for noun, count in counts.items()) + " added."


def import_docx(path: Path, manual: ManualPage, user: User | None = None, publish: bool = False) -> WordSummary:
    """Append the chapters of a Word file to a manual, as drafts or published, in the name of `user`.

    The topmost level of headings that occurs more than once makes chapters, and the next one in use sections. Raises
    `ImportRefused`, with nothing written, for a file that cannot be read, and for what a chapter cannot hold.
    """
    word = word_reading.read(path)
    title = " ".join(path.stem.replace("-", " ").replace("_", " ").split())
    run = _Import(path.name, word.remarks, ManualPage.objects.get(pk=manual.pk), user)
    chapters = run.without_cover(divided(word.elements, title))
    run.check(chapters)
    run.refuse_errors()
    with media.taken_back_on_failure() as files, transaction.atomic():
        writer = SectionWriter(path.name, title, word.pictures, user, files, run.summary.remarks)
        for chapter in chapters:
            run.add(chapter, writer, publish)
        run.refuse_errors()
    if publish and not run.manual.live:
        run.summary.remarks.append(f"The manual “{run.manual.title}” is a draft itself: publish it too.")
    return run.summary


class _Import:
    """One run: checks the chapters of a file, and adds them to a manual."""

    def __init__(self, file: str, remarks: list[str], manual: ManualPage, user: User | None) -> None:
        self.file = file
        self.manual = manual
        self.user = user
        self.summary = WordSummary(remarks=remarks)
        self.errors: list[ErrorsOf] = []

    def without_cover(self, chapters: list[WordChapter]) -> list[WordChapter]:
        """Return the chapters without a first one that is a title only, and say what became of the start."""
        first, *others = chapters
        if first.is_front and not first.sections:
            self.summary.remarks.append(f"The title “{shortened(first.title)}” is left out: the manual has its own.")
            return others
        if first.is_front and others:
            self.summary.remarks.append(
                f"What stands before the first chapter is a chapter of its own, “{shortened(first.title)}”. Delete it "
                "if it is a cover page."
            )
        elif first.is_front:
            self.summary.remarks.append(f"The file has no headings, so all of it is one chapter, “{first.title}”.")
        return chapters

    def check(self, chapters: list[WordChapter]) -> None:
        """Note what a manual, a chapter or a section cannot be."""
        pages = Page.objects.child_of(self.manual).values_list("title", "draft_title")
        there = {_key(title) for titles in pages for title in titles}
        seen: set[str] = set()
        for chapter in chapters:
            errors = self._errors_of(chapter)
            if _key(chapter.title) in there:
                errors.add(0, f"“{self.manual.title}” has a chapter of this title already. Rename one of the two.")
            if _key(chapter.title) in seen:
                errors.add(0, "The file has two chapters of this title. Rename one of the two.")
            seen.add(_key(chapter.title))
            if len(chapter.title) > HEADING_LENGTH:
                errors.add(0, _too_long("This title", chapter.title))
            if not chapter.sections:
                errors.add(0, "There is no text in this chapter. Write some, or take its heading out.")
            for section in chapter.sections:
                name = f"section “{shortened(section.heading)}”"
                if section.heading != chapter.title and len(section.heading) > HEADING_LENGTH:
                    errors.add(0, _too_long(f"The heading of the {name}", section.heading))
                if not section.elements:
                    errors.add(0, f"The {name} is empty. Write something, or take its heading out.")

    def _errors_of(self, chapter: WordChapter) -> ErrorsOf:
        self.errors.append(ErrorsOf(f"{self.file}, chapter “{shortened(chapter.title)}”"))
        return self.errors[-1]

    def refuse_errors(self) -> None:
        """Raise `ImportRefused` if anything is wrong."""
        found = [error for errors in self.errors for error in errors.found]
        if found:
            raise ImportRefused(found)

    def add(self, chapter: WordChapter, writer: SectionWriter, publish: bool) -> None:
        """Add a chapter with its images, unless the editor would refuse it."""
        addresses = body.addresses([section.heading for section in chapter.sections])
        placed, raw, images = [], [], 0
        for section, address in zip(chapter.sections, addresses, strict=True):
            heading = shortened(section.heading)
            blocks = writer.blocks(section, f"“{shortened(chapter.title)} › {heading}”")
            images += sum(block["type"] == "image" for block in blocks)
            placed.append(body.FileSection(address, heading, 0))
            value = {"heading": section.heading, "content": blocks}
            raw.append({"type": "section", "id": address, "value": value})
        page = ChapterPage(
            title=chapter.title,
            slug=self._free_slug(chapter.title),
            summary=summary([element for section in chapter.sections for element in section.elements], chapter.title),
            body=raw,
            live=False,
            owner=self.user,
        )
        errors = self._errors_of(chapter)
        body.check(page.body, placed, errors)
        if errors.found:
            return
        self.manual.add_child(instance=page)
        revision = page.save_revision(user=self.user, log_action=True)
        if publish:
            revision.publish(user=self.user, log_action=True)
        self.summary.chapters += 1
        self.summary.sections += len(raw)
        self.summary.images += images

    def _free_slug(self, title: str) -> str:
        """Return a slug that is free in the manual and can be the name of a file in an export."""
        stem = slugify(title.replace("_", " "))[:200].strip("-") or "chapter"
        taken = set(Page.objects.child_of(self.manual).values_list("slug", flat=True))
        number = 1
        while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
            number += 1
        return slug


def _key(title: str) -> str:
    """Return a title as two that readers cannot tell apart have it."""
    return " ".join(title.split()).casefold()


def _too_long(what: str, text: str) -> str:
    return (
        f"{what} has {len(text)} characters, and {HEADING_LENGTH} is the most. Shorten it, or give it the style of "
        "ordinary text if it is no heading."
    )
