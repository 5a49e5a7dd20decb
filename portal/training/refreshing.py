"""The daily refresher: five questions that a person met in quizzes, when they are likely to be forgotten.

A card says how well a person knows a question. It follows from the reviews it has, one for each answer in a marked
attempt and one for each refresher. Nothing here touches a mark: a refresher writes no `Response`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.people.models import Language, User
from portal.training import remembering
from portal.training.models import RefresherCard, RefresherReview
from portal.training.remembering import Memory, Review
from quizzes import types
from quizzes.models import Attempt, Feedback, Question, Response

DAILY = 5
_BY_A_PERSON = [kind.slug for kind in types.ALL if kind.is_marked_by_person]


@dataclass(frozen=True)
class Today:
    """A person's refresher of a day: how many are answered, how many are left, and the card of the next."""

    done: int
    left: int
    card: RefresherCard | None

    @property
    def total(self) -> int:
        """How many questions it has."""
        return self.done + self.left


class Recorded(NamedTuple):
    """The review of a card on a day; `is_new` unless it had been answered before."""

    review: RefresherReview
    is_new: bool


def today(person: User, now: datetime | None = None) -> Today:
    """Return a person's refresher as it stands: what is most likely forgotten comes first (three queries at most)."""
    now = now or timezone.now()
    done = _answered_on(person, now).count()
    day = timezone.localdate(now)
    rows = _due(person, now).values_list("pk", "stability", "last_review") if done < DAILY else ()
    known = sorted((remembering.chance(stability, last, day), key) for key, stability, last in rows)
    if not known:
        return Today(done, 0, None)
    card = RefresherCard.objects.select_related("question__section__page").get(pk=known[0][1])
    return Today(done, min(DAILY - done, len(known)), card)


def due_count(person: User, now: datetime | None = None) -> int:
    """Return how many questions are left in a person's refresher of the day (two queries at most)."""
    now = now or timezone.now()
    done = _answered_on(person, now).count()
    return _due(person, now)[: DAILY - done].count() if done < DAILY else 0


@transaction.atomic
def record(card: RefresherCard, rating: int, now: datetime | None = None) -> Recorded | None:
    """Record the answer to a refresher's question, once a day however often it is sent.

    Returns None, and records nothing, where the question is not to be asked today.
    """
    now = now or timezone.now()
    person = User.objects.select_for_update().get(pk=card.person_id)
    reviews = _answered_on(person, now)
    if given := reviews.filter(card=card).first():
        return Recorded(given, is_new=False)
    if reviews.count() >= DAILY or not _due(person, now).filter(pk=card.pk).exists():
        return None
    review = RefresherReview.objects.create(card=card, rating=rating, at=now)
    _remember([card])
    return Recorded(review, is_new=True)


def learn_from(attempt: Attempt) -> None:
    """Take up how the questions of a marked attempt were answered; marked again, an answer counts as it is marked now.

    Ten queries at most, however many questions there are. A second time changes nothing.
    """
    if attempt.marked_at:
        _learn(attempt.learner_id, _marked().filter(attempt=attempt))


def catch_up() -> int:
    """Take up the answers of all marked attempts that were not, and return of how many people there were any.

    Some ten queries for each of them.
    """
    left = _marked().exclude(Exists(RefresherReview.objects.filter(response=OuterRef("pk"))))
    people = list(left.order_by().values_list("attempt__learner", flat=True).distinct())
    for person in people:
        _learn(person, left.filter(attempt__learner=person))
    return len(people)


def _due(person: User, now: datetime) -> QuerySet[RefresherCard]:
    """Return the cards of the questions that a person may be asked now."""
    languages = {Language.ENGLISH.value, person.preferred_language}
    askable = Question.objects.askable().filter(language__in=languages).exclude(type__in=_BY_A_PERSON)
    askable = askable.exclude(pk__in=_withheld(person))
    return RefresherCard.objects.filter(person=person, due__lte=now, question__in=askable)


def _withheld(person: User) -> QuerySet[Response, UUID]:
    """Return the keys of questions that would tell of a quiz what it keeps to itself.

    These are asked in an attempt that is open, or in a quiz that tells nothing before it is passed, and is not.
    """
    passed = Attempt.objects.filter(learner=person, quiz=OuterRef("attempt__quiz"), passed=True)
    is_untold = Q(attempt__rules__feedback=Feedback.AFTER_PASSING) & ~Q(attempt__passed=True) & ~Exists(passed)
    asked = Response.objects.filter(Q(attempt__handed_in_at__isnull=True) | is_untold, attempt__learner=person)
    return asked.order_by().values_list("version__question_uid", flat=True)


def _answered_on(person: User, now: datetime) -> QuerySet[RefresherReview]:
    """Return what a person answered in refreshers on the city's day of a moment."""
    day = timezone.localdate(now)
    begins, ends = (timezone.make_aware(datetime.combine(one, time.min)) for one in (day, day + timedelta(days=1)))
    return RefresherReview.objects.filter(card__person=person, response__isnull=True, at__gte=begins, at__lt=ends)


def _marked() -> QuerySet[Response]:
    """Return the answers that a machine marked, in attempts that are marked, to questions that are still there."""
    marked = Response.objects.filter(attempt__marked_at__isnull=False, credit__isnull=False)
    return marked.filter(version__question__isnull=False).exclude(version__type__in=_BY_A_PERSON)


@transaction.atomic
def _learn(person: int, responses: QuerySet[Response]) -> None:
    # Whoever writes a person's cards waits for whoever is at it.
    User.objects.select_for_update().get(pk=person)
    responses = responses.order_by("attempt__handed_in_at", "pk")
    rows: Any = responses.values_list("pk", "version__question", "credit", "attempt__handed_in_at")
    answers: dict[int | None, tuple[UUID, Review]] = {
        key: (question, Review(remembering.rating_of(credit), at)) for key, question, credit, at in rows
    }
    known = {one.response_id: one for one in RefresherReview.objects.filter(response__in=answers)}
    amended = [one for key, one in known.items() if one.rating != answers[key][1].rating]
    for one in amended:
        one.rating = answers[one.response_id][1].rating
    new = {key: answer for key, answer in answers.items() if key not in known}
    if not new and not amended:
        return
    reviews: dict[UUID, list[Review]] = {}
    for question, review in new.values():
        reviews.setdefault(question, []).append(review)
    cards = {card.question_id: card for card in RefresherCard.objects.filter(person=person, question__in=reviews)}
    made = [
        RefresherCard(person_id=person, question_id=question, **remembering.after(own)._asdict())
        for question, own in reviews.items()
        if question not in cards
    ]
    outdated = {card.pk for card in cards.values()} | {one.card_id for one in amended}
    cards |= {card.question_id: card for card in RefresherCard.objects.bulk_create(made)}
    RefresherReview.objects.bulk_update(amended, ["rating"])
    RefresherReview.objects.bulk_create(
        RefresherReview(card=cards[question], response_id=key, rating=review.rating, at=review.at)
        for key, (question, review) in new.items()
    )
    _remember(list(RefresherCard.objects.filter(pk__in=outdated)))


def _remember(cards: Collection[RefresherCard]) -> None:
    """Bring cards up to date with their reviews, whatever the order in which these came (two queries)."""
    if not cards:
        return
    reviews: dict[int, list[Review]] = {}
    rows = RefresherReview.objects.filter(card__in=cards).order_by("at", "pk").values_list("card", "rating", "at")
    for card, rating, at in rows:
        reviews.setdefault(card, []).append(Review(rating, at))
    for one in cards:
        for name, value in remembering.after(reviews[one.pk])._asdict().items():
            setattr(one, name, value)
    RefresherCard.objects.bulk_update(cards, Memory._fields)
