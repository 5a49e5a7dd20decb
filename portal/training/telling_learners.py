"""What people are told as it happens: a new path, marks by hand, a certificate, a change of what they had read.

Each is told once, and none says a result.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.text import Truncator
from wagtail.models import Page

from manuals.models import ChapterPage, Edition, EditionKind
from portal.notifications.telling import News, tell
from portal.training import consequences, reading, readings
from portal.training.day_words import day_in_words
from portal.training.models import Certificate, Enrolment, SectionRead
from portal.training.notification_kinds import ASSIGNED, CERTIFICATE, CHANGED, MARKED
from portal.training.reading import Asked, Span
from quizzes.models import Attempt

# Characters of a title in a sentence.
TITLE = 100


def assigned(enrolments: Iterable[Enrolment], today: date) -> None:
    """Tell people that they are on a path now. They come with `person` and `path`. Two queries, however many."""
    tell(
        ASSIGNED,
        [
            News(
                enrolment.person_id,
                f"assigned:{enrolment.pk}",
                f"You are on the learning path “{enrolment.path}” now.{_begins(enrolment, today)}",
                reverse("training:path", args=[enrolment.pk]),
            )
            for enrolment in enrolments
            if enrolment.person.is_active
        ],
    )


def marked(attempt: Attempt) -> None:
    """Tell a learner that somebody has marked what they wrote. What the machine marks they see at once."""
    if attempt.learner.is_active and attempt.responses.filter(marked_by__isnull=False).exists():
        text = f"Your answers in “{_short(attempt.quiz_title)}” are marked."
        tell(MARKED, [News(attempt.learner_id, f"marked:{attempt.pk}", text, attempt.get_absolute_url())])


def certified(certificates: Iterable[Certificate]) -> None:
    """Tell people of certificates that were issued to them, each once. They come with `person`. Two queries."""
    tell(
        CERTIFICATE,
        [
            News(
                one.person_id,
                f"certificate:{one.pk}",
                f"Your certificate “{one.path_title}” is ready.",
                certificate_url(one),
            )
            for one in certificates
            if one.person.is_active
        ],
    )


def changed(page: Page, edition: Edition) -> None:
    """Tell those on a path who had read a chapter that something of it comes back to them with an edition.

    Nobody is told of a minor edition, nor before the day from which one is in force (see `daily_jobs`). Nine queries
    at most, however many people had read it.
    """
    if edition.kind != EditionKind.MAJOR or edition.sequence == 1 or edition.is_future:
        return
    if not issubclass(page.specific_class or Page, ChapterPage):
        return
    asked = readings.asked_of([page.pk]).get(page.pk, [])
    came_back = {one.anchor for one in asked if one.since == edition.sequence}
    if not came_back:
        return
    readers = set(SectionRead.objects.filter(page_id=page.pk).order_by().values_list("person_id", flat=True))
    on_it = consequences.asked_to_read(page, readers) if readers else {}
    reads = readings.reads_of(on_it.keys(), [page.pk]) if on_it else {}
    back = sorted(person for (person, _), own in reads.items() if _comes_back(came_back, asked, own))
    text = f"“{_short(page.title)}” has changed since you read it: {edition.summary or 'read what is new.'}"
    tell(
        CHANGED,
        [
            News(person, f"changed:{edition.pk}", text, reverse("training:changes", args=on_it[person]))
            for person in back
        ],
    )


def certificate_url(certificate: Certificate) -> str:
    """Return where a person sees their certificate."""
    return reverse("training:certificate", args=[certificate.pk])


def _comes_back(changed: Collection[str], asked: Sequence[Asked], reads: Mapping[str, Span]) -> bool:
    """Return whether one of these sections comes back to someone: it was read before, or came since all others were."""
    stand = reading.of(asked, reads)
    back = {one.anchor for one in stand.back}
    return any(anchor in changed and (anchor in reads or anchor in back) for anchor in stand.unread)


def _begins(enrolment: Enrolment, today: date) -> str:
    """Return from when due dates count, where that is still to come."""
    return f" It begins on {day_in_words(enrolment.starts_on, today)}." if enrolment.starts_on > today else ""


def _short(title: str) -> str:
    return str(Truncator(title).chars(TITLE))
