"""Publishing many questions at once: what the editor does for one, with few queries for all of them.

Only references are recorded question by question, as Wagtail does it.
"""

import logging
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from modelsearch.backends import get_search_backends
from taggit.models import Tag
from wagtail.models import ModelLogEntry, ReferenceIndex, Revision
from wagtail.signals import published

from manuals.models import JobFunction
from portal.people.models import User
from quizzes.models import Question, QuestionTag

logger = logging.getLogger("quizzes")

BATCH = 500


def publish(
    questions: Sequence[Question],
    new: set[UUID],
    tags: Mapping[UUID, Sequence[Tag]],
    functions: Mapping[UUID, Sequence[JobFunction]],
    user: User | None,
) -> None:
    """Write and publish questions with their tags and job functions; within a transaction.

    `new` are the keys of those that are not in the bank yet. Each gets a revision, entries in the log, its references
    and its place in the search index, and `published` is sent for each, as when it is published in the editor.
    """
    if not questions:
        return
    now = timezone.now()
    kind = ContentType.objects.get_for_model(Question)
    rows = {}
    for question in questions:
        question.live = True
        question.has_unpublished_changes = question.expired = False
        question.first_published_at = question.first_published_at or now
        question.last_published_at = now
        rows[question.pk] = [QuestionTag(content_object=question, tag=tag) for tag in tags[question.pk]]
        question.tagged_items = rows[question.pk]
        question.job_functions = list(functions[question.pk])
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                content_type=kind,
                base_content_type=kind,
                object_id=str(question.pk),
                object_str=str(question),
                created_at=now,
                user=user,
                content=question.serializable_data(),
            )
            for question in questions
        ],
        batch_size=BATCH,
    )
    for question, revision in zip(questions, revisions, strict=True):
        question.latest_revision = question.live_revision = revision
    Question.objects.bulk_create(
        questions, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=_names()
    )
    _relate(questions, new, rows, functions)
    _log(questions, new, user, kind)
    for question in questions:
        ReferenceIndex.create_or_update_for_object(question)
        published.send(sender=Question, instance=question, revision=question.live_revision)
    _index(questions)


def _names() -> list[str]:
    return [field.name for field in Question._meta.concrete_fields if not field.primary_key]


def _relate(
    questions: Sequence[Question],
    new: set[UUID],
    tags: Mapping[UUID, Sequence[QuestionTag]],
    functions: Mapping[UUID, Sequence[JobFunction]],
) -> None:
    """Write the rows of tags and job functions, in place of those there were."""
    through = Question.job_functions.through
    changed = [question.pk for question in questions if question.pk not in new]
    for start in range(0, len(changed), BATCH):
        keys = changed[start : start + BATCH]
        QuestionTag.objects.filter(content_object__in=keys).delete()
        through.objects.filter(question__in=keys).delete()
    QuestionTag.objects.bulk_create([row for one in questions for row in tags[one.pk]], batch_size=BATCH)
    through.objects.bulk_create(
        [
            through(question_id=one.pk, jobfunction_id=function.pk)
            for one in questions
            for function in functions[one.pk]
        ],
        batch_size=BATCH,
    )


def _log(questions: Sequence[Question], new: set[UUID], user: User | None, kind: ContentType) -> None:
    """Enter in the log who made, changed and published what; all of it under one number, as one action."""
    action, now = uuid4(), timezone.now()
    ModelLogEntry.objects.bulk_create(
        [
            ModelLogEntry(
                content_type=kind,
                object_id=str(question.pk),
                label=str(question),
                action=what,
                timestamp=now,
                user=user,
                uuid=action,
                revision=question.live_revision,
                content_changed=True,
                data={},
            )
            for question in questions
            for what in ("wagtail.create" if question.pk in new else "wagtail.edit", "wagtail.publish")
        ],
        batch_size=BATCH,
    )


def _index(questions: Sequence[Question]) -> None:
    """Put the questions into the search index, which waits for the commit and writes them in one go."""
    for backend in get_search_backends(with_auto_update=True):
        try:
            backend.add_bulk(Question, list(questions))
        except Exception:
            logger.exception("%d questions were not put into the search index; run update_index.", len(questions))
            if not backend.catch_indexing_errors:
                raise
