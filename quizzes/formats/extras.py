"""What our questions have and no question file has a word for, as pairs of a key and a text.

GIFT has them in comments, `[section:deposits#amount]`; Moodle XML in tags, `section:deposits#amount`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from portal.people.models import Language
from quizzes.formats.decoding import one_line, tidy
from quizzes.formats.errors import Refused
from quizzes.models.question import Difficulty
from quizzes.records import QuestionRecord

KEYS = (
    *("id", "tag", "difficulty", "language", "section", "function"),
    *("unit", "case", "accents", "rubric", "guidance", "words"),
)
# Those that no other program writes.
OURS = frozenset(KEYS) - {"id", "tag"}
MAX_TAG = 100
_RUBRIC = re.compile(r"(\d{1,3}):(.+)", re.DOTALL)


@dataclass
class Extras:
    """What the pairs of one question say."""

    uid: str = ""
    tags: list[str] = field(default_factory=list)
    difficulty: int = Difficulty.MEDIUM.value
    language: str = Language.ENGLISH.value
    section: str = ""
    functions: list[str] = field(default_factory=list)
    unit: str = ""
    case_matters: bool = False
    accents_matter: bool = False
    rubric: list[dict[str, Any]] = field(default_factory=list)
    guidance: str = ""
    words: int | None = None

    def on(self, record: QuestionRecord) -> QuestionRecord:
        """Return a record with what is not of its answer part."""
        return replace(
            record,
            tags=tuple(sorted(set(self.tags))),
            job_functions=tuple(sorted(set(self.functions))),
            difficulty=self.difficulty,
            language=self.language,
            section=self.section,
            uid=self.uid,
        )


def read(pairs: Iterable[tuple[str, str]]) -> Extras:
    """Return what pairs of key and text say; keys that are not ours are passed over. Raises `Refused`."""
    found = Extras()
    for key, text in pairs:
        _READERS.get(key, _passed_over)(found, text)
    return found


def _passed_over(found: Extras, text: str) -> None:
    pass


def _id(found: Extras, text: str) -> None:
    """Take a UUID. Another program's own number would name another question here, and is kept as a tag."""
    text = one_line(text)
    if not text:
        return
    try:
        found.uid = str(UUID(text))
    except ValueError:
        _tag(found, f"id:{text}")


def _tag(found: Extras, text: str) -> None:
    text = one_line(text)
    if len(text) > MAX_TAG:
        raise Refused(f"The tag “{text[:40]}…” is longer than {MAX_TAG} characters. Shorten it.")
    if text:
        found.tags.append(text)


def _difficulty(found: Extras, text: str) -> None:
    if text.strip() not in {str(value) for value in Difficulty.values}:
        raise Refused(f"The difficulty is 1, 2 or 3, and not “{one_line(text)}”.")
    found.difficulty = int(text)


def _language(found: Extras, text: str) -> None:
    if text.strip() not in Language.values:
        raise Refused(f"The language is one of {', '.join(Language.values)}, and not “{one_line(text)}”.")
    found.language = text.strip()


def _section(found: Extras, text: str) -> None:
    found.section = text.strip()


def _function(found: Extras, text: str) -> None:
    if text.strip():
        found.functions.append(text.strip())


def _unit(found: Extras, text: str) -> None:
    found.unit = one_line(text)


def _case(found: Extras, text: str) -> None:
    found.case_matters = True


def _accents(found: Extras, text: str) -> None:
    found.accents_matter = True


def _rubric(found: Extras, text: str) -> None:
    parts = _RUBRIC.fullmatch(text.strip())
    criterion = one_line(parts[2]) if parts else ""
    if not parts or not criterion:
        sentence = "A rubric is written “rubric:5:Names the amount”, points first"
        raise Refused(f"{sentence}, and not “rubric:{one_line(text)}”.")
    found.rubric.append({"criterion": criterion, "points": int(parts[1])})


def _guidance(found: Extras, text: str) -> None:
    found.guidance = tidy(text)


def _words(found: Extras, text: str) -> None:
    if not re.fullmatch(r"\d{1,5}", text.strip(), re.ASCII):
        raise Refused(f"The number of words is a whole number, and not “{one_line(text)}”.")
    found.words = int(text)


_READERS = {
    "id": _id,
    "tag": _tag,
    "difficulty": _difficulty,
    "language": _language,
    "section": _section,
    "function": _function,
    "unit": _unit,
    "case": _case,
    "accents": _accents,
    "rubric": _rubric,
    "guidance": _guidance,
    "words": _words,
}


def pairs_of(record: QuestionRecord) -> list[tuple[str, str]]:
    """Return what a record says beyond its text and answers as pairs: the reverse of `read`."""
    item = record.item
    pairs: list[tuple[str, str]] = [("id", record.uid)] if record.uid else []
    if record.section:
        pairs.append(("section", record.section))
    pairs += [("function", slug) for slug in record.job_functions]
    if record.difficulty != Difficulty.MEDIUM:
        pairs.append(("difficulty", str(record.difficulty)))
    if record.language != Language.ENGLISH:
        pairs.append(("language", record.language))
    pairs += [("tag", tag) for tag in record.tags]
    if item.get("unit"):
        pairs.append(("unit", item["unit"]))
    pairs += [(key, "") for key, name in (("case", "case_matters"), ("accents", "accents_matter")) if item.get(name)]
    pairs += [("rubric", f"{part['points']}:{part['criterion']}") for part in item.get("rubric", ())]
    if item.get("guidance"):
        pairs.append(("guidance", item["guidance"]))
    if item.get("words"):
        pairs.append(("words", str(item["words"])))
    return pairs
