"""A question as it was asked once, kept for good."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import models

from manuals.models import Section
from quizzes import types
from quizzes.models.question import Question
from quizzes.types.base import Item, QuestionType


class QuestionVersion(models.Model):
    """What a question said when it was asked: written once, shared by all attempts that asked it so, never changed.

    It does not lean on the question's revisions, which go when the question is deleted.
    """

    question = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="versions")
    question_uid = models.UUIDField(help_text="The question's key, which outlives the question.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content.")
    type = models.CharField(max_length=20)
    section = models.ForeignKey(Section, null=True, on_delete=models.SET_NULL, related_name="+")
    content = models.JSONField(help_text="Name, stem, item, general feedback, language.")
    frozen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question_uid", "digest"], name="one_version_of_a_content")]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> QuestionType:
        """The type it is of."""
        return types.of(self.type)

    @property
    def item(self) -> Item:
        """Its answer part as plain JSON."""
        item: Item = self.content["item"]
        return item

    @property
    def name(self) -> str:
        """What it was called in the bank."""
        return str(self.content["name"])


def content_of(question: Question) -> dict[str, Any]:
    """Return what of a question an attempt freezes, as plain JSON."""
    return {
        "name": question.name,
        "stem": question.stem,
        "item": question.item,
        "general_feedback": question.general_feedback,
        "language": question.language,
    }


def digest_of(question: Question, content: dict[str, Any]) -> str:
    """Return the SHA-256 of a question's content, its type and its section."""
    whole = {**content, "type": question.type, "section": question.section_id}
    return sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def unsaved(question: Question) -> QuestionVersion:
    """Return the version that a question would be asked in now, not saved."""
    content = content_of(question)
    return QuestionVersion(
        question=question,
        question_uid=question.pk,
        digest=digest_of(question, content),
        type=question.type,
        section=question.section,
        content=content,
    )


def freeze(questions: list[Question]) -> dict[Any, QuestionVersion]:
    """Return the versions in which these questions are asked now, by the questions' keys, made where missing.

    Three queries at most, whatever the number of questions; give them with `select_related("section")`.
    """
    # A question and its copy may say the same, letter for letter.
    wanted = {(version.question_uid, version.digest): version for version in map(unsaved, questions)}
    known = _known(wanted)
    missing = [version for key, version in wanted.items() if key not in known]
    if missing:
        QuestionVersion.objects.bulk_create(missing, ignore_conflicts=True)
        known = _known(wanted)
    return {uid: known[uid, digest] for uid, digest in wanted}


def _known(wanted: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], QuestionVersion]:
    found = QuestionVersion.objects.filter(digest__in={digest for _, digest in wanted})
    return {(version.question_uid, version.digest): version for version in found}
