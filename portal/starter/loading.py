"""Loading the starter library and the demonstration people into a portal that is set up."""

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import yaml
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from manuals.exchange import importing
from manuals.exchange.errors import ImportRefused
from manuals.models import AnswerPage, ManualPage, PolicyPage
from portal.people import demonstration
from portal.people.models import Holiday, Language, User
from portal.people.positions import Position
from portal.starter import demonstration_team, history_loading, quiz_loading, training_loading
from search.models import GoldenQuestion, SynonymGroup

LIBRARY = Path(__file__).parent / "library"
SEARCH = Path(__file__).parent / "search"
HOLIDAYS = Path(__file__).parent / "holidays.yaml"


class DemonstrationPerson(NamedTuple):
    """Someone invented, to try a position out with. `days` is how long ago they were hired."""

    username: str
    first_name: str
    last_name: str
    position: Position
    days: int
    language: Language = Language.ENGLISH


PEOPLE = (
    # The supervisor first, whom the others report to.
    DemonstrationPerson("supervisor", "Terry", "Okafor", Position.SUPERVISOR, 9 * 365),
    DemonstrationPerson("senior", "Dana", "Whitfield", Position.SENIOR, 5 * 365),
    DemonstrationPerson("csr2", "Marisol", "Vega", Position.CSR_2, 400, Language.SPANISH),
    DemonstrationPerson("csr1", "Jordan", "Avery", Position.CSR_1, 10),
)


NAME_TAKEN = (
    "Nothing was loaded: there is an account “{}” that is no demonstration account. "
    "Load the starter library into a portal of its own."
)


class LoadingError(Exception):
    """The starter library cannot be loaded, and nothing was written. The message is for the person at the keyboard."""


def is_empty() -> bool:
    """Return whether nobody has put anything into this portal yet: no person, and no page of the library."""
    return not (
        User.objects.exists()
        or ManualPage.objects.exists()
        or PolicyPage.objects.exists()
        or AnswerPage.objects.exists()
    )


@transaction.atomic
def load_people(today: date | None = None) -> dict[str, User]:
    """Make the demonstration people where they are missing, and return all four by username.

    Those who are there stay as they are. Raises `LoadingError` where one of the names belongs to a real account.
    """
    today = today or timezone.localdate()
    people: dict[str, User] = {}
    for person in PEOPLE:
        user = User.objects.filter(username__iexact=person.username).first()
        if user is None:
            user = User(
                username=person.username,
                first_name=person.first_name,
                last_name=person.last_name,
                email=f"{person.username}@sample-city.example",
                position=person.position,
                hire_date=today - timedelta(days=person.days),
                supervisor=people.get("supervisor"),
                preferred_language=person.language,
                is_demonstration=True,
            )
            user.set_password(demonstration.PASSWORD)
            user.save()
        elif not user.is_demonstration:
            raise LoadingError(NAME_TAKEN.format(user.username))
        people[person.username] = user
    return people


def load_search() -> None:
    """Bring in the sample city's synonyms and golden questions where they are missing. Those that are there stay."""
    known = {frozenset(group.phrases) for group in SynonymGroup.objects.all()}
    groups = [[str(phrase) for phrase in phrases] for phrases in yaml.safe_load((SEARCH / "synonyms.yaml").read_text())]
    SynonymGroup.objects.bulk_create(
        SynonymGroup(terms="\n".join(phrases)) for phrases in groups if frozenset(phrases) not in known
    )
    answers = dict(AnswerPage.objects.values_list("slug", "pk"))
    questions = yaml.safe_load((SEARCH / "golden_questions.yaml").read_text())
    GoldenQuestion.objects.bulk_create(
        (
            GoldenQuestion(question=row["question"], answer_id=answers[row["answer"]], language=row["language"])
            for row in questions
        ),
        ignore_conflicts=True,
    )


def load_holidays() -> None:
    """Bring in the days on which the sample city's office is closed, where there is no holiday on the day yet."""
    rows = yaml.safe_load(HOLIDAYS.read_text())
    Holiday.objects.bulk_create((Holiday(day=row["day"], name=row["name"]) for row in rows), ignore_conflicts=True)


@transaction.atomic
def load() -> importing.Summary:
    """Load the demonstration people, the library and the team, whole or not at all, and return what the import did.

    Loading again updates what changed since. Raises `LoadingError`.
    """
    people = load_people()
    load_holidays()
    writer, approver = people["senior"], people["supervisor"]
    history = history_loading.History(LIBRARY, writer, approver)
    try:
        history.bring_in_past()
        summary = importing.import_folder(LIBRARY, user=approver, writer=writer, changes=history.changes())
        history.count_as_added(summary)
        history.plan()
    except ImportRefused as refused:
        raise LoadingError(f"The starter library has errors, and nothing was loaded.\n{refused}") from None
    load_search()
    try:
        quiz_loading.load(people["supervisor"])
    except quiz_loading.QuestionsRefused as refused:
        raise LoadingError(f"The starter questions have errors, and nothing was loaded.\n{refused}") from None
    try:
        training_loading.load(writer, approver)
    except training_loading.PathsRefused as refused:
        raise LoadingError(f"The starter paths have errors, and nothing was loaded.\n{refused}") from None
    if settings.DEMONSTRATION_TEAM:
        try:
            demonstration_team.load(people)
        except demonstration_team.NameTaken as name:
            raise LoadingError(NAME_TAKEN.format(name)) from None
    return summary
