"""Bringing a question file into the bank: whole, or not at all, or without what is wrong where that is asked for."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from taggit.models import Tag

from manuals.exchange import media
from manuals.exchange.references import References
from manuals.models import JobFunction, Section
from portal.people.models import User
from quizzes import bank, formats, pictures, publishing
from quizzes.formats.checking import Checking
from quizzes.formats.decoding import one_line
from quizzes.formats.errors import FileRefused, ImportRefused, QuestionError
from quizzes.formats.naming import shown_name
from quizzes.models import Category, Question
from quizzes.records import QuestionRecord

CHUNK = 500

__all__ = ["ImportRefused", "QuestionError", "Summary", "import_questions", "may_import"]


def may_import(user: object) -> bool:
    """Return whether this person may bring questions into the bank: add, change and publish them."""
    needed = ["quizzes.add_question", "quizzes.change_question", "quizzes.publish_question"]
    return isinstance(user, User) and user.has_perms(needed)


@dataclass
class Summary:
    """What an import did, or would do.

    `categories` are the names of the new ones, `left_out` what was wrong with the questions that were left out.
    """

    created: list[QuestionRecord] = field(default_factory=list)
    changed: list[QuestionRecord] = field(default_factory=list)
    unchanged: list[QuestionRecord] = field(default_factory=list)
    left_out: list[QuestionError] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = f"{len(self.created)} added, {len(self.changed)} changed, {len(self.unchanged)} as they were"
        places = len({(error.line, error.name) for error in self.left_out})
        return f"{counts}, {places} left out." if places else f"{counts}."


def import_questions(
    content: str | bytes,
    slug: str,
    *,
    category: str = "",
    user: User | None = None,
    dry_run: bool = False,
    skip_invalid: bool = False,
) -> Summary:
    """Import the questions of a file and publish what is new or changed, in the name of `user`.

    `slug` names the format. `category` is where questions go that name none; missing categories are made. A question
    with the id of one in the bank changes that one, unless it says the same; one without an id is new, unless the bank
    has it in that category, word for word. With `dry_run` nothing is written. Raises `ImportRefused`, with nothing
    written, where anything is wrong with the file; with `skip_invalid` only where nothing of it can be read, and the
    summary says what was left out.
    """
    try:
        records, errors = formats.read(content, slug)
    except FileRefused as refused:
        raise ImportRefused([QuestionError(0, "", str(refused))]) from None
    records = [bank.in_category(record, one_line(category)) for record in records]
    # Looking keeps nobody from writing.
    with media.taken_back_on_failure() as files, nullcontext() if dry_run else transaction.atomic():
        plan = _Plan(records, errors)
        if plan.errors and (not skip_invalid or not records):
            raise ImportRefused(plan.errors)
        plan.summary.left_out = sorted(set(plan.errors))
        if not dry_run:
            plan.write(user, files)
    return plan.summary


class _Plan:
    """What is to be done with each record, told by comparing it with the bank."""

    def __init__(self, records: list[QuestionRecord], errors: list[QuestionError]) -> None:
        self.errors = list(errors)
        self.summary = Summary()
        self.questions: dict[UUID, Question] = {}
        self.functions = {function.slug: function for function in JobFunction.objects.all()}
        self.categories = {one.name: one for one in Category.objects.all()}
        self.sections = _sections(records)
        self._checking = Checking()
        self._known: dict[UUID, str] = {}
        self._said: set[tuple[str, str]] = set()
        self._look_up(records)
        seen: set[str] = set()
        for record in records:
            self._place(record, seen)
        new = {record.category for record in (*self.summary.created, *self.summary.changed)} - set(self.categories)
        self.summary.categories = sorted(new)

    def _look_up(self, records: list[QuestionRecord]) -> None:
        """Fetch the questions that the records name by id, and those that may say the same as one without."""
        keys = [UUID(record.uid) for record in records if record.uid]
        for start in range(0, len(keys), CHUNK):
            self._remember(_questions().filter(pk__in=keys[start : start + CHUNK]))
        names = sorted({record.name for record in records if not record.uid})
        for start in range(0, len(names), CHUNK):
            self._remember(_questions().filter(name__in=names[start : start + CHUNK]))

    def _remember(self, questions: Iterable[Question]) -> None:
        fetched = list(questions)
        for question, record in zip(fetched, bank.records_of(fetched, hashes=True), strict=True):
            self.questions[question.pk] = question
            said = bank.fingerprint(record)
            self._known[question.pk] = said
            self._said.add((record.category, said))

    def _place(self, record: QuestionRecord, seen: set[str]) -> None:
        """Count a record among the new, the changed or the unchanged, or say what is wrong with it."""
        problems = self._checking.problems(record)
        if record.uid in seen:
            problems.append("Another question in this file has the same id. Take one of the two ids out.")
        seen |= {record.uid} - {""}
        there = self.questions.get(UUID(record.uid)) if record.uid else None
        if not problems:
            said = bank.fingerprint(pictures.with_hashes(record))
            if there and self._known[there.pk] == said and record.category in ("", there.category.name):
                self.summary.unchanged.append(record)
                return
            if not record.uid and (record.category, said) in self._said:
                self.summary.unchanged.append(record)
                return
            self._said.add((record.category, said))
        problems += self._unknown(record, there)
        if not record.category and there is None:
            # Said once, however many there are.
            message = "Questions in it are in no category. Name one in the file, or one for all that are in none."
            self.errors.append(QuestionError(0, "", message))
            return
        if problems:
            self.errors += [QuestionError(record.line, shown_name(record.name), problem) for problem in problems]
        elif there:
            self.summary.changed.append(replace(record, category=record.category or there.category.name))
        else:
            self.summary.created.append(record)

    def _unknown(self, record: QuestionRecord, there: Question | None) -> list[str]:
        """Return what a record names and there is not, and what keeps a question that is there from being changed."""
        problems = []
        if record.section and record.section not in self.sections:
            problems.append(
                f"There is no section “{record.section}” on a published page. Write the page's slug, #, and the "
                "section's anchor."
            )
        elif record.section and self.sections[record.section] is None:
            problems.append(f"Several pages have a section “{record.section}”. Choose the section in the editor.")
        problems += [
            f"There is no job function “{slug}”. Known: {', '.join(sorted(self.functions)) or 'none'}."
            for slug in record.job_functions
            if slug not in self.functions
        ]
        if there and there.has_unpublished_changes:
            problems.append("The question has changes that are not published. Publish or discard them first.")
        if there and there.locked:
            problems.append("The question is locked in the bank. Unlock it first.")
        return problems

    def write(self, user: User | None, files: media.SavedFiles) -> None:
        """Write and publish what is new or changed."""
        new_categories = [Category(name=name) for name in self.summary.categories]
        for category in new_categories:
            category.save()
        self.categories.update({category.name: category for category in new_categories})
        records = [*self.summary.created, *self.summary.changed]
        images = pictures.save(records, user, files)
        references = References()
        tags = _tags(records)
        questions: list[Question] = []
        new: set[UUID] = set()
        for record in records:
            key = UUID(record.uid) if record.uid else uuid4()
            question = self.questions.get(key) if record.uid else None
            if question is None:
                question = Question(pk=key)
                new.add(key)
            bank.fill(question, record, images, references)
            question.category = self.categories[record.category]
            question.section = self.sections[record.section] if record.section else None
            questions.append(question)
        keys = [question.pk for question in questions]
        publishing.publish(
            questions,
            new,
            {
                key: list({tags[tag.casefold()].pk: tags[tag.casefold()] for tag in record.tags}.values())
                for key, record in zip(keys, records, strict=True)
            },
            {
                key: [self.functions[slug] for slug in record.job_functions]
                for key, record in zip(keys, records, strict=True)
            },
            user,
        )


def _questions() -> QuerySet[Question]:
    return Question.objects.select_related("category", "section__page")


def _sections(records: list[QuestionRecord]) -> dict[str, Section | None]:
    """Return the sections that records name, None for a name that several published pages have. A few queries."""
    names = sorted({record.section for record in records if "#" in record.section})
    found: dict[str, Section | None] = {}
    for start in range(0, len(names), CHUNK):
        wanted = Q()
        slugs: dict[str, list[str]] = {}
        for name in names[start : start + CHUNK]:
            slug, _, anchor = name.partition("#")
            slugs.setdefault(slug, []).append(anchor)
        for slug, anchors in slugs.items():
            wanted |= Q(page__slug=slug, anchor__in=anchors)
        for section in Section.objects.current().filter(wanted).select_related("page"):
            found[section.reference] = None if section.reference in found else section
    return found


def _tags(records: list[QuestionRecord]) -> dict[str, Tag]:
    """Return the tags of records by their names in small letters, made where missing."""
    wanted = {tag.casefold(): tag for record in records for tag in record.tags}
    if not wanted:
        return {}
    known = {tag.name.casefold(): tag for tag in Tag.objects.all()}
    for key, name in wanted.items():
        if key not in known:
            known[key] = Tag.objects.create(name=name)
    return known
