"""Question files: GIFT, Aiken and Moodle XML. Reading and writing are each other's reverse, as far as a format goes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

from quizzes.formats import aiken, gift_reading, gift_writing, moodlexml_reading, moodlexml_writing
from quizzes.formats.decoding import decoded
from quizzes.formats.errors import FileRefused, QuestionError
from quizzes.records import QuestionRecord

Reader = Callable[[str], tuple[list[QuestionRecord], list[QuestionError]]]
Writer = Callable[[Iterable[QuestionRecord]], tuple[str, list[str]]]


@dataclass(frozen=True)
class Format:
    """A kind of question file: its name in commands and addresses, its label, how its files end and are served."""

    slug: str
    label: str
    suffix: str
    content_type: str
    reader: Reader
    writer: Writer


ALL = (
    Format("gift", "GIFT", ".gift", "text/plain; charset=utf-8", gift_reading.read, gift_writing.write),
    Format("aiken", "Aiken", ".txt", "text/plain; charset=utf-8", aiken.read, aiken.write),
    Format("moodlexml", "Moodle XML", ".xml", "application/xml", moodlexml_reading.read, moodlexml_writing.write),
)
_BY_SLUG = {form.slug: form for form in ALL}
SLUGS = tuple(_BY_SLUG)


def of(slug: str) -> Format:
    """Return the format of that name. Raises `KeyError` for one there is not."""
    return _BY_SLUG[slug]


def choices() -> list[tuple[str, str]]:
    """Return the formats as the choices of a field."""
    return [(form.slug, form.label) for form in ALL]


def guess(name: str, content: bytes = b"") -> str:
    """Return the format of a file by how its name ends, and where that tells nothing by what it says; else empty.

    Only the beginning of its content is looked at.
    """
    suffix = PurePath(name).suffix.lower()
    known = {".gift": "gift", ".aiken": "aiken", ".xml": "moodlexml"}
    if suffix in known:
        return known[suffix]
    beginning = content[:100_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if beginning.startswith((b"<?xml", b"<quiz")):
        return "moodlexml"
    if suffix != ".txt":
        return ""
    return "gift" if b"{" in beginning or b"\nANSWER:" not in beginning else "aiken"


def read(content: str | bytes, slug: str) -> tuple[list[QuestionRecord], list[QuestionError]]:
    """Return the questions of a file, and what is wrong with those that cannot be read.

    `slug` names the format. Nothing is looked up in the database. Raises `FileRefused` for a file that cannot hold
    questions, and `KeyError` for a format there is not.
    """
    form = of(slug)
    text = decoded(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    records, errors = form.reader(text)
    if not records and not errors:
        raise FileRefused(f"There is no question in the file. Is it a {form.label} file?")
    return records, errors


def write(records: Iterable[QuestionRecord], slug: str) -> tuple[str, list[str]]:
    """Return questions as the text of a file, and sentences on what the format cannot hold of them."""
    return of(slug).writer(records)
