"""What a page says, passage by passage: each text with where it stands and how it is written, and what it points at.

Read off the fields and the raw blocks of a page, so that a thousand pages are gone through without a query.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from manuals.models import AnswerPage, ChapterPage, ManualPage, PolicyPage
from manuals.models.library_page import LibraryPage


class Form(Enum):
    """How a text is written, and what it is."""

    PLAIN = auto()
    MARKDOWN = auto()
    HTML = auto()
    # Titles, captions and the cells of a table: no sentences. A cell may hold Markdown.
    LABEL = auto()
    CELL = auto()


@dataclass(frozen=True)
class Passage:
    """A text of a page. `anchor` is the address of its section, empty outside of sections."""

    text: str
    form: Form = Form.PLAIN
    language: str = "en"
    anchor: str = ""


@dataclass(frozen=True)
class Reference:
    """Something chosen, not written: a policy section, a picture or a document, by its key."""

    kind: str
    key: int
    anchor: str = ""


Part = Passage | Reference

# The fields of each type of page that are text, in the order in which they are read.
_FIELDS: dict[type[LibraryPage], list[tuple[str, Form, str]]] = {
    ManualPage: [("title", Form.LABEL, "en"), ("introduction", Form.PLAIN, "en")],
    ChapterPage: [("title", Form.LABEL, "en"), ("summary", Form.PLAIN, "en")],
    PolicyPage: [
        ("title", Form.LABEL, "en"),
        ("rule", Form.PLAIN, "en"),
        ("source", Form.LABEL, "en"),
        ("who_decides", Form.PLAIN, "en"),
    ],
    AnswerPage: [
        ("title", Form.LABEL, "en"),
        ("question_es", Form.LABEL, "es"),
        ("short_answer", Form.PLAIN, "en"),
        ("short_answer_es", Form.PLAIN, "es"),
        ("script_en", Form.PLAIN, "en"),
        ("script_es", Form.PLAIN, "es"),
        ("refer_to", Form.PLAIN, "en"),
    ],
}
READABLE: tuple[type[LibraryPage], ...] = tuple(_FIELDS)


def of_page(page: LibraryPage) -> list[Part]:
    """Return the passages and references of a page, in the order in which they are read; none for other pages."""
    parts: list[Part] = []
    for name, form, language in _FIELDS.get(type(page), []):
        text = getattr(page, name)
        if text:
            parts.append(Passage(text, form, language))
    if isinstance(page, AnswerPage):
        parts += [Passage(block["value"], Form.MARKDOWN) for block in page.steps.raw_data]
    elif isinstance(page, ChapterPage | PolicyPage):
        for block in page.body.raw_data:
            anchor, section = block.get("id") or "", block["value"]
            parts.append(Passage(section["heading"], Form.LABEL, anchor=anchor))
            for part in section["content"]:
                parts += _of_block(part["type"], part["value"], anchor)
    return parts


def _of_block(kind: str, value: Any, anchor: str) -> Iterator[Part]:
    """Yield what a block inside a section says and points at."""

    def written(text: str | None, form: Form = Form.LABEL, language: str = "en") -> Iterator[Part]:
        if text:
            yield Passage(text, form, language, anchor)

    def chosen(what: str, key: int | None) -> Iterator[Part]:
        if key:
            yield Reference(what, key, anchor)

    match kind:
        case "markdown":
            yield from written(value, Form.MARKDOWN)
        case "rich_text":
            yield from written(value, Form.HTML)
        case "say":
            yield from written(value["text"], Form.PLAIN, value.get("language") or "en")
        case "procedure":
            yield from written(value.get("title"))
            for step in _items(value["steps"]):
                yield from written(step, Form.MARKDOWN)
        case "warning" | "tip":
            yield from written(value.get("title"))
            yield from written(value["text"], Form.MARKDOWN)
        case "decision":
            yield from written(value["question"], Form.PLAIN)
            for case in _items(value["cases"]):
                yield from written(case["condition"], Form.MARKDOWN)
                yield from written(case["action"], Form.MARKDOWN)
        case "table":
            yield from written(value.get("caption"))
            for column in value["columns"]:
                yield from written(column["heading"])
            for row in value["rows"]:
                for cell in row["values"]:
                    yield from written(cell, Form.CELL)
        case "policy":
            yield from chosen("section", value["section"])
            yield from written(value.get("note"), Form.PLAIN)
        case "image":
            yield from chosen("picture", (value["image"] or {}).get("image"))
            yield from written(value.get("caption"))
        case "document":
            yield from chosen("document", value["document"])
            yield from written(value.get("title"))


def _items(values: list[Any]) -> list[Any]:
    """Return the values of a list block, of which each has an id, or had none when it was written."""
    return [item["value"] if isinstance(item, dict) and "value" in item else item for item in values]
