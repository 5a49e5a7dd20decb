"""From the bank to records of questions, and how the two are compared."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any
from uuid import UUID

from wagtail.images import get_image_model

from manuals.exchange import media
from manuals.exchange.references import References
from quizzes import pictures, types
from quizzes.fields import AnswerPartBlock
from quizzes.formats.decoding import tidy
from quizzes.formats.items import with_keys
from quizzes.models import Question, QuestionTag
from quizzes.records import QuestionRecord
from quizzes.types.base import Item, raw, without_ids

# Questions whose tags and images are fetched with one query.
CHUNK = 500


def record_of(question: Question) -> QuestionRecord:
    """Return a question of the bank as a record, with the contents of its images."""
    return records_of([question])[0]


def records_of(questions: Iterable[Question], *, hashes: bool = False) -> list[QuestionRecord]:
    """Return questions of the bank as records, in a few queries for every `CHUNK` of them.

    The questions are best fetched with `select_related("category", "section__page")`. With `hashes`, images are called
    by the hash of their contents and not read, which is what comparing wants.
    """
    reading = _Reading(hashes)
    remaining = iter(questions)
    found: list[QuestionRecord] = []
    while chunk := list(islice(remaining, CHUNK)):
        found += reading.records(chunk)
    return found


class _Reading:
    """One reading of the bank."""

    def __init__(self, hashes: bool) -> None:
        self.hashes = hashes
        self.references = References()

    @cached_property
    def blocks(self) -> AnswerPartBlock:
        return AnswerPartBlock()

    def records(self, questions: Sequence[Question]) -> list[QuestionRecord]:
        keys = [question.pk for question in questions]
        tags: dict[UUID, list[str]] = {}
        for key, name in QuestionTag.objects.filter(content_object__in=keys).values_list(
            "content_object_id", "tag__name"
        ):
            tags.setdefault(key, []).append(name)
        functions: dict[UUID, list[str]] = {}
        through = Question.job_functions.through.objects.filter(question__in=keys)
        for key, slug in through.values_list("question_id", "jobfunction__slug"):
            functions.setdefault(key, []).append(slug)
        items = {question.pk: question.item for question in questions}
        wanted = {question.pk: pictures.keys_in(question.stem, items[question.pk]) for question in questions}
        images = get_image_model().objects.in_bulk(set().union(*wanted.values())) if any(wanted.values()) else {}
        return [
            self._record(
                question, items[question.pk], tags, functions, {key: images[key] for key in used if key in images}
            )
            for question, used in zip(questions, wanted.values(), strict=True)
        ]

    def _record(
        self,
        question: Question,
        item: Item,
        tags: Mapping[UUID, list[str]],
        functions: Mapping[UUID, list[str]],
        images: Mapping[int, Any],
    ) -> QuestionRecord:
        if self.hashes:
            names = {key: image.get_file_hash() for key, image in images.items()}
        else:
            names = {key: image.filename for key, image in images.items()}
        contents = {} if self.hashes else {names[key]: _content(image) for key, image in images.items()}
        if not self.hashes and "options" in item:
            described = [
                {**one, "image_alt": images[one["image"]].description if one["image"] in images else ""}
                for one in item["options"]
            ]
            item = {**item, "options": described}
        return QuestionRecord(
            name=question.name,
            type=question.type,
            stem=pictures.portable_stem(question.stem, names, self.references),
            item=pictures.with_images(item, names),
            general_feedback=question.general_feedback,
            category=question.category.name,
            tags=tuple(sorted(tags.get(question.pk, ()))),
            job_functions=tuple(sorted(functions.get(question.pk, ()))),
            difficulty=question.difficulty,
            language=question.language,
            section=question.section.reference if question.section else "",
            uid=str(question.pk),
            images=contents,
        )


def _content(image: Any) -> bytes:
    with image.open_file() as file:
        content: bytes = file.read()
    return content


def fingerprint(record: QuestionRecord) -> str:
    """Return everything a record says but its category, as a string: two that say the same have the same.

    Its images are called by their hashes (`records_of(hashes=True)`, `pictures.with_hashes`).
    """
    item = types.of(record.type).canonical(with_keys(tidied(record.item)))
    options = [{name: value for name, value in one.items() if name != "image_alt"} for one in item.get("options", ())]
    said = {
        "name": record.name.strip(),
        "type": record.type,
        "stem": record.stem,
        "item": without_ids({**item, "options": options} if options else item),
        "general_feedback": tidy(record.general_feedback),
        # Tags are the same in capitals and in small letters.
        "tags": sorted(tag.casefold() for tag in record.tags),
        "job_functions": sorted(record.job_functions),
        "difficulty": int(record.difficulty),
        "language": record.language,
        "section": record.section,
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def tidied(item: Any) -> Any:
    """Return an item whose texts have Unix line ends and no white space around them."""
    if isinstance(item, str):
        return tidy(item)
    if isinstance(item, Mapping):
        return {name: tidied(value) for name, value in item.items()}
    if isinstance(item, list | tuple):
        return [tidied(part) for part in item]
    return item


def fill(question: Question, record: QuestionRecord, images: Mapping[str, int], references: References) -> None:
    """Give a question what a record says, but for what other rows hold: category, section, tags, job functions.

    `images` are the keys of images by the hashes of their contents. Parts of the item that are there already keep
    their ids, so that answers given to them can still be marked by the new key.
    """
    keys = {name: images[media.hash_of(record.images[name])] for name in pictures.names_in(record)}
    item = types.of(record.type).canonical(with_keys(pictures.with_images(tidied(record.item), keys)))
    before = question.item if question.type == record.type and len(question.body) else {}
    item = keeping_ids(without_ids(item), before)
    question.name = record.name
    question.type = record.type
    question.stem = pictures.kept_stem(record.stem, keys, references)
    block = question.body.stream_block.child_blocks[record.type]
    part = question.body.raw_data[0].get("id") if before else None
    stored = {"type": record.type, "value": raw(block, item), **({"id": part} if part else {})}
    question.body = question.body.stream_block.to_python([stored])
    question.general_feedback = tidy(record.general_feedback)
    question.difficulty = record.difficulty
    question.language = record.language


def keeping_ids(item: Any, before: Any) -> Any:
    """Return an item whose parts have the ids that the same parts had before.

    The same are those that say the same, or else, where no part was added or taken away, those in the same place.
    """
    if isinstance(item, Mapping):
        earlier = before if isinstance(before, Mapping) else {}
        return {name: keeping_ids(value, earlier.get(name)) for name, value in item.items()}
    if not isinstance(item, list):
        return item
    earlier_parts = list(before) if isinstance(before, list) else []
    left = {_face(part): part for part in reversed(earlier_parts)}
    matched = [left.pop(_face(part), None) for part in item]
    if len(item) == len(earlier_parts):
        used = {id(part) for part in matched if part}
        matched = [
            found or (there if id(there) not in used else None)
            for found, there in zip(matched, earlier_parts, strict=True)
        ]
    return [
        {**keeping_ids(part, found), **({"id": found["id"]} if found else {})}
        for part, found in zip(item, matched, strict=True)
    ]


def _face(part: Mapping[str, Any]) -> str:
    """Return what a part is recognised by: not its credit or its feedback."""
    return json.dumps(
        {
            name: value
            for name, value in without_ids(part).items()
            if name not in ("right", "weight", "feedback", "points", "image_alt", "match")
        },
        sort_keys=True,
    )


def exported(questions: Iterable[Question]) -> list[QuestionRecord]:
    """Return questions as an export has them: by category and name."""
    return sorted(records_of(questions), key=lambda record: (record.category, record.name, record.uid))


def in_category(record: QuestionRecord, category: str) -> QuestionRecord:
    """Return a record that belongs in a category, if it does not say in which."""
    return record if record.category else replace(record, category=category)
