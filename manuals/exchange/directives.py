"""The blocks of a section as files write them: each with its reading and its writing, side by side.

A reader takes what stands on the opening line and the lines below it, and returns the block's raw value, or None after
adding what is wrong. A writer takes the block's value, and returns both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from manuals.exchange import grammar
from manuals.exchange.errors import ErrorsOf
from manuals.exchange.references import References

Raw = Any


@dataclass
class Place:
    """Where a directive stands: its line, its file's errors, and what it may refer to."""

    line: int
    errors: ErrorsOf
    references: References

    def wrong(self, message: str, offset: int = 0) -> Raw:
        """Add an error on the directive's line, or so many lines below it, and return None in place of a value."""
        self.errors.add(self.line + offset, message)
        return None


@dataclass(frozen=True)
class Directive:
    """How one kind of block is written in a file."""

    name: str
    kind: str
    read: Callable[[str, list[str], Place], Raw]
    write: Callable[[Any, References], tuple[str, str]]


def text_of(lines: list[str]) -> str:
    """Return lines as text, escapes undone, without empty lines around it."""
    return grammar.unescape(grammar.trimmed("\n".join(lines)))


def _read_text(argument: str, lines: list[str], place: Place) -> Raw:
    if argument:
        place.wrong("“::: text” takes no title.")
    return text_of(lines) or place.wrong("This text is empty.")


def _write_text(value: str, references: References) -> tuple[str, str]:
    return "", grammar.escape(grammar.trimmed(value))


def _read_procedure(argument: str, lines: list[str], place: Place) -> Raw:
    steps, stray = grammar.read_list(lines)
    if stray is not None:
        return place.wrong("A procedure has numbered steps only: write this as “1. …”.", stray + 1)
    if not steps or not all(steps):
        return place.wrong("A procedure needs a numbered list of steps, none of them empty.")
    return {"title": argument, "steps": steps}


def _write_procedure(value: Any, references: References) -> tuple[str, str]:
    return value["title"], grammar.write_list(list(value["steps"]))


def _read_say(argument: str, lines: list[str], place: Place) -> Raw:
    if argument not in grammar.LANGUAGES:
        return place.wrong("Write “::: say en” or “::: say es”.")
    text = text_of(lines)
    return {"language": argument, "text": text} if text else place.wrong("There is nothing to say here.")


def _write_say(value: Any, references: References) -> tuple[str, str]:
    return value["language"], grammar.escape(grammar.trimmed(value["text"]))


def _read_notice(argument: str, lines: list[str], place: Place) -> Raw:
    text = text_of(lines)
    return {"title": argument, "text": text} if text else place.wrong("This has no text.")


def _write_notice(value: Any, references: References) -> tuple[str, str]:
    return value["title"], grammar.escape(grammar.trimmed(value["text"]))


def _read_table(argument: str, lines: list[str], place: Place) -> Raw:
    rows: list[list[str]] = []
    for offset, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        cells = grammar.read_row(line)
        if cells is None:
            return place.wrong("A row of a table starts and ends with “|”.", offset)
        if rows and len(cells) != len(rows[0]):
            return place.wrong(f"This row has {len(cells)} cells, and the first has {len(rows[0])}.", offset)
        rows.append(cells)
    if len(rows) < 3 or not grammar.is_rule(rows[1]):
        return place.wrong("A table needs a header row, a row of |---|---| and at least one row below it.")
    return {
        "columns": [{"type": "text", "heading": heading} for heading in rows[0]],
        "rows": [{"values": cells} for cells in rows[2:]],
        "caption": argument,
    }


def _write_table(value: Any, references: References) -> tuple[str, str]:
    headings = [column["heading"] for column in value.columns]
    return value.caption, grammar.write_table(headings, [list(row["values"]) for row in value.row_data])


def _read_decision(argument: str, lines: list[str], place: Place) -> Raw:
    cases: list[list[str]] = []
    for offset, line in enumerate(lines, start=1):
        found = grammar.CASE.match(line)
        if found:
            condition, arrow, action = found["text"].partition(grammar.ARROW)
            if not arrow or not condition.strip() or not action.strip():
                return place.wrong("Write each case as “- condition => what to do”.", offset)
            cases.append([condition.strip(), action.strip()])
        elif cases and line.startswith("  "):
            cases[-1][1] += "\n" + line[2:].rstrip()
        elif cases and not line.strip():
            cases[-1][1] += "\n"
        elif line.strip():
            return place.wrong("Write each case as “- condition => what to do”.", offset)
    if not argument:
        return place.wrong("A decision needs its question on the opening line.")
    if len(cases) < 2:
        return place.wrong("A decision needs at least two cases.")
    return {"question": argument, "cases": [{"condition": c, "action": a.strip()} for c, a in cases]}


def _write_decision(value: Any, references: References) -> tuple[str, str]:
    lines = []
    for case in value["cases"]:
        condition = " ".join(case["condition"].replace(grammar.ARROW, "→").split())
        first, *rest = grammar.trimmed(case["action"]).strip().split("\n")
        lines.append(f"- {condition} {grammar.ARROW} {first.strip()}")
        lines += ["  " + line.rstrip() if line.strip() else "" for line in rest]
    return value["question"], "\n".join(lines)


def _read_policy(argument: str, lines: list[str], place: Place) -> Raw:
    section = place.references.section(argument)
    if section is None:
        return place.wrong(f"There is no policy section “{argument}”. Write it as policy-slug#section-address.")
    return {"section": section, "note": " ".join(text_of(lines).split())}


def _write_policy(value: Any, references: References) -> tuple[str, str]:
    return references.section_name(value["section"].pk), grammar.escape(" ".join(value["note"].split()))


def _read_settings(lines: list[str], known: tuple[str, ...], place: Place) -> dict[str, str] | None:
    """Return lines of “name: value” as a dictionary."""
    found: dict[str, str] = {}
    for offset, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon or name.strip() not in known:
            place.wrong(f"Only lines of {', '.join(f'“{name}: …”' for name in known)} stand here.", offset)
            return None
        found[name.strip()] = value.strip()
    return found


def _read_image(argument: str, lines: list[str], place: Place) -> Raw:
    found = _read_settings(lines, ("alt", "caption"), place)
    if found is None:
        return None
    image = place.references.image(argument)
    if image is None:
        return place.wrong(f"There is no image “{argument}”: put the file into media/.")
    if "alt" not in found:
        return place.wrong("An image needs a line “alt: …” that says what it shows, or “alt:” if it is decoration.")
    value = {"image": image, "alt_text": found["alt"], "decorative": not found["alt"]}
    return {"image": value, "caption": found.get("caption", "")}


def _write_image(value: Any, references: References) -> tuple[str, str]:
    alt = "" if value["image"].decorative else " ".join((value["image"].contextual_alt_text or "").split())
    lines = [f"alt: {alt}".strip(), f"caption: {value['caption']}" if value["caption"] else ""]
    return references.file_name(value["image"]), "\n".join(line for line in lines if line)


def _read_document(argument: str, lines: list[str], place: Place) -> Raw:
    found = _read_settings(lines, ("title",), place)
    if found is None:
        return None
    document = place.references.document(argument)
    if document is None:
        return place.wrong(f"There is no document “{argument}”: put the file into media/.")
    return {"document": document, "title": found.get("title", "")}


def _write_document(value: Any, references: References) -> tuple[str, str]:
    title = f"title: {value['title']}" if value["title"] else ""
    return references.file_name(value["document"]), title


def _read_rich_text(argument: str, lines: list[str], place: Place) -> Raw:
    html, unknown = place.references.local(text_of(lines))
    for name in unknown:
        place.wrong(f"This links to “{name}”, which is neither here nor in the files.")
    return html or place.wrong("This text is empty.")


def _write_rich_text(value: Any, references: References) -> tuple[str, str]:
    return "", grammar.escape(references.portable(grammar.trimmed(value.source)))


def _read_knowledge_check(argument: str, lines: list[str], place: Place) -> Raw:
    if text_of(lines):
        return place.wrong("Nothing stands inside a knowledge check: its question is in the question bank.")
    try:
        # Not looked up: questions are brought in after the pages that ask them.
        return str(UUID(argument))
    except ValueError:
        return place.wrong("Write “::: knowledge-check” and the question's key, the “id” in its question file.")


def _write_knowledge_check(value: Any, references: References) -> tuple[str, str]:
    return "" if value is None else str(value.pk), ""


DIRECTIVES = (
    Directive("text", "markdown", _read_text, _write_text),
    Directive("procedure", "procedure", _read_procedure, _write_procedure),
    Directive("say", "say", _read_say, _write_say),
    Directive("warning", "warning", _read_notice, _write_notice),
    Directive("tip", "tip", _read_notice, _write_notice),
    Directive("table", "table", _read_table, _write_table),
    Directive("decision", "decision", _read_decision, _write_decision),
    Directive("policy", "policy", _read_policy, _write_policy),
    Directive("image", "image", _read_image, _write_image),
    Directive("document", "document", _read_document, _write_document),
    Directive("rich-text", "rich_text", _read_rich_text, _write_rich_text),
    Directive("knowledge-check", "knowledge_check", _read_knowledge_check, _write_knowledge_check),
)
BY_NAME = {directive.name: directive for directive in DIRECTIVES}
BY_KIND = {directive.kind: directive for directive in DIRECTIVES}
