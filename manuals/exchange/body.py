"""The body of a chapter or policy: sections in a file, and sections in a page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from manuals.exchange import directives, grammar
from manuals.exchange.errors import ErrorsOf
from manuals.exchange.references import References

ANCHOR_LENGTH = 64


@dataclass
class FileSection:
    """A section as a file has it: its address, heading, the line of its heading, and the lines below it."""

    anchor: str
    heading: str
    line: int
    lines: list[str] = field(default_factory=list)


def split(text: str, first_line: int, errors: ErrorsOf) -> list[FileSection]:
    """Return the sections of a body. Adds an error for each without heading, or with an address that cannot be."""
    found: list[FileSection] = []
    for line, content in enumerate(text.split("\n"), start=first_line):
        heading = grammar.SECTION.match(content)
        if heading:
            section = FileSection((heading["anchor"] or "").strip(), heading["heading"], line)
            if not section.heading:
                errors.add(line, "This section has no heading.")
            if section.anchor and not grammar.ANCHOR.match(section.anchor):
                errors.add(line, f"The address “{section.anchor}” may have letters, digits and hyphens only.")
            found.append(section)
        elif found:
            found[-1].lines.append(content)
        elif content.strip():
            errors.add(line, "Nothing may stand before the first section: start with “## Heading {#address}”.")
            return []
    _give_addresses(found, errors)
    return found


def addresses(headings: list[str], given: Iterable[str] = ()) -> list[str]:
    """Return an address for each heading, made of its words: no two alike, and none that is `given` already."""
    taken = set(given)
    found = []
    for heading in headings:
        stem = slugify(heading)[: ANCHOR_LENGTH - 4].strip("-") or "section"
        address = next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 1000))) if name not in taken)
        taken.add(address)
        found.append(address)
    return found


def _give_addresses(sections: list[FileSection], errors: ErrorsOf) -> None:
    """Make an address of the heading where none is given; refuse one that is there twice."""
    given: set[str] = set()
    for section in sections:
        if section.anchor in given:
            errors.add(section.line, f"The address “{section.anchor}” is there twice in this file.")
        elif section.anchor:
            given.add(section.anchor)
    without = [section for section in sections if not section.anchor]
    for section, address in zip(without, addresses([section.heading for section in without], given), strict=True):
        section.anchor = address


def read(sections: list[FileSection], references: References, errors: ErrorsOf) -> list[dict[str, Any]]:
    """Return the raw value of a body's stream."""
    return [
        {
            "type": "section",
            "id": section.anchor,
            "value": {"heading": section.heading, "content": _read_blocks(section, references, errors)},
        }
        for section in sections
    ]


def _read_blocks(section: FileSection, references: References, errors: ErrorsOf) -> list[dict[str, Any]]:
    """Return the raw blocks of a section."""
    found: list[dict[str, Any]] = []
    text: list[str] = []
    lines = iter(enumerate(section.lines, start=section.line + 1))

    def add_text() -> None:
        written = directives.text_of(text)
        if written:
            found.append({"type": "markdown", "value": written})
        text.clear()

    for line, content in lines:
        opening = grammar.DIRECTIVE.match(content)
        if not opening:
            if content.startswith(":::"):
                errors.add(line, "This line of colons closes nothing. A block opens with ::: and its name.")
            text.append(content)
            continue
        add_text()
        inside: list[str] = []
        for _, below in lines:
            if grammar.END.match(below):
                break
            inside.append(below)
        else:
            errors.add(line, f"This “{opening['name']}” is not closed: put a line of ::: after it.")
            break
        directive = directives.BY_NAME.get(opening["name"])
        if directive is None:
            known = ", ".join(directives.BY_NAME)
            errors.add(line, f"“{opening['name']}” is not a kind of block. Known: {known}.")
            continue
        value = directive.read(opening["argument"], inside, directives.Place(line, errors, references))
        if value is not None:
            found.append({"type": directive.kind, "value": value})
    add_text()
    if not found:
        errors.add(section.line, f"The section “{section.heading}” is empty.")
    return found


def write(body: Any, references: References) -> str:
    """Return a page's stream of sections as a file's body."""
    written = []
    for section in body:
        blocks = [f"## {' '.join(section.value['heading'].split())} {{#{section.id}}}"]
        follows_text = False
        for block in section.value["content"]:
            blocks.append(write_block(block, references, within=follows_text))
            follows_text = block.block_type == "markdown"
        written.append("\n\n".join(blocks))
    return "\n\n".join(written)


def write_block(block: Any, references: References, within: bool = False) -> str:
    """Return one block. Text that follows text is fenced (`within`), so that the two stay two."""
    directive = directives.BY_KIND[block.block_type]
    argument, text = directive.write(block.value, references)
    if block.block_type == "markdown" and not within:
        return text
    opening = f"::: {directive.name} {' '.join(argument.split())}".rstrip()
    return "\n".join([opening, *([text] if text else []), ":::"])


def keep_identities(old: Any, new: Any, references: References) -> None:
    """Give the blocks of a new body the ids of those they continue, so that a comparison shows only what changed.

    A block continues the one with the same text, else the next of its kind, in the section with the same address.
    """
    before = {section.id: list(section.value["content"]) for section in old}
    for section in new:
        left = before.get(section.id, [])
        pending = []
        for block in section.value["content"]:
            text = write_block(block, references)
            same = next((other for other in left if write_block(other, references) == text), None)
            if same is None:
                pending.append(block)
            else:
                block.id = same.id
                left.remove(same)
        for block in pending:
            kin = next((other for other in left if other.block_type == block.block_type), None)
            if kin is not None:
                block.id = kin.id
                left.remove(kin)


def check(body: Any, sections: list[FileSection], errors: ErrorsOf) -> None:
    """Add what the editor would refuse in these sections, each on the line of its section."""
    for block, section in zip(body, sections, strict=True):
        try:
            block.block.clean(block.value)
        except ValidationError as error:
            errors.add(section.line, f"In the section “{section.heading}”: {' '.join(messages(error))}")


def messages(error: ValidationError) -> list[str]:
    """Return the sentences of a block's error, however deep they lie."""

    def sentences(data: Any) -> list[str]:
        if isinstance(data, str):
            return [data]
        return [
            sentence for inner in (data.values() if isinstance(data, dict) else data) for sentence in sentences(inner)
        ]

    return sentences(error.as_json_data()) if hasattr(error, "as_json_data") else list(error.messages)
