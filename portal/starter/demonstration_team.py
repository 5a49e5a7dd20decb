"""A team in training for the demonstration: twelve invented people at different points of their paths.

What they did is written by the code that writes everyone's evidence, only dated in the past. One setting switches the
team off: `DEMONSTRATION_TEAM`.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from manuals.exchange import importing
from manuals.models import ChapterPage, EditionKind
from portal.notifications.models import Notification
from portal.people import demonstration
from portal.people.models import User
from portal.people.positions import Position
from portal.starter.demonstration_evidence import Diary, Library
from portal.starter.demonstration_people import CAME_FROM, MEMBERS, Member, Spell
from portal.training import absences, certifying, enrolling, waiving
from portal.training.models import Enrolment, How, LearningPath, SectionRead
from quizzes.models import Attempt, QuizPage

# Working days from the start of a path until its last step is done, and the certificate is issued.
WHOLE_PATH = 61
# Whoever is newer than this has not been through what the portal tells them; the others have read it.
STILL_NEW = 10
# What changes: the page, the section, and the story of it.
CHANGED = ("decide-and-approve", "pass-it-up")
LEFT_OUT = "Shortens “Pass it up”."
PUT_BACK = (
    "Says again what to do when the Supervisor decides against your advice. Edition 1.1 had left it out by mistake."
)


class NameTaken(Exception):
    """An account of that name is there that is no demonstration account. Its text is the username."""


@transaction.atomic
def load(people: dict[str, User], now: datetime | None = None) -> list[User]:
    """Make those of the team who are missing, with all that they did, and return them; the others stay as they are.

    `people` are the four demonstration people by username. Those who have done nothing yet get what they did before
    today: csr1 his first days, others the paths they came from. The library, the quizzes and the paths must be there.
    Raises `NameTaken`.
    """
    now = now or timezone.now()
    present = _present()
    missing = [member for member in MEMBERS if member.username not in present]
    untouched = [people[name] for name in ("csr1", *CAME_FROM) if _has_done_nothing(people[name])]
    if not missing and not untouched:
        return []
    team = _Team(people, now)
    for person in untouched:
        if person.username in CAME_FROM:
            team.came_from(person, CAME_FROM[person.username])
        else:
            team.first_days_of(person)
    found = [team.bring_in(member) for member in missing]
    settled = {member.username for member in missing if member.spells[-1].days > STILL_NEW}
    settled |= {person.username for person in untouched} & set(CAME_FROM)
    transaction.on_commit(lambda: _have_read_their_news(settled, now))
    return found


class _Team:
    """Brings people in, one after the other."""

    def __init__(self, people: dict[str, User], now: datetime) -> None:
        self.supervisor, self.senior = people["supervisor"], people["senior"]
        self.now = now
        self.library = Library(timezone.localdate(now))
        self.paths = {path.slug: path for path in LearningPath.objects.filter(live=True)}
        # One hash for all: it takes long on purpose, and the password is published anyway.
        self.password = make_password(demonstration.PASSWORD)

    def bring_in(self, member: Member) -> User:
        """Make a person, and have them go through their spells."""
        first = member.spells[0]
        person = User(
            username=member.username,
            first_name=member.first_name,
            last_name=member.last_name,
            email=f"{member.username}@sample-city.example",
            position=first.position,
            hire_date=self.library.days_before(first.days),
            supervisor=self.supervisor,
            preferred_language=member.language,
            is_demonstration=True,
            password=self.password,
        )
        person.save()
        diary = self.diary_of(person)
        for spell in member.spells:
            enrolment = self.begin(person, spell)
            if enrolment:
                self.go_through(diary, enrolment, spell)
        if member.username in _BESIDES:
            _BESIDES[member.username](self, diary)
        return person

    def first_days_of(self, person: User) -> None:
        """Have a person on a path by their position who has done nothing do what was due before today."""
        for enrolment in absences.open_of(person):
            done = sum(day < self.library.today for day in self.days_since(enrolment.starts_on)[1:])
            self.diary_of(person).follow(enrolment, done)

    def came_from(self, person: User, spells: tuple[Spell, ...]) -> None:
        """Have a person do what the paths asked for that they went before the one they are on."""
        for spell in spells:
            path = self.paths.get(spell.path)
            edition = enrolling.newest_edition(path) if path else None
            if edition:
                # It is over, and need not be kept: what was done in it is.
                gone = Enrolment(person=person, edition=edition, starts_on=self.library.days_before(spell.days))
                self.diary_of(person).follow(gone, spell.days)

    def begin(self, person: User, spell: Spell) -> Enrolment | None:
        """Put a person into a position and onto its path, from the day on which the spell began."""
        day = self.library.days_before(spell.days)
        path = self.paths.get(spell.path)
        if person.position != spell.position:
            if path:
                enrolling.enrol([person], path, how=How.RULE, starts_on=day)
            person.position = spell.position
            person.save()
        own = Enrolment.objects.filter(person=person)
        began = timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=8)
        own.filter(left_because=enrolling.MOVED_ON, left_at__gte=self.now - timedelta(hours=1)).update(left_at=began)
        enrolment = own.filter(path=path, left_at__isnull=True).select_related("person", "path").first()
        if enrolment:
            enrolment.starts_on, enrolment.enrolled_at = day, min(began, self.now)
            enrolment.save(update_fields=["starts_on", "enrolled_at"])
        return enrolment

    def go_through(self, diary: Diary, enrolment: Enrolment, spell: Spell) -> None:
        """Do what the person has done of a path, and give them their certificate on the day they finished."""
        diary.follow(enrolment, spell.days - spell.behind, spell.left)
        if spell.days >= WHOLE_PATH:
            done_on = self.days_since(enrolment.starts_on)[WHOLE_PATH]
            diary.acknowledge_all(diary.moment(done_on))
            certifying.issue([diary.person], today=done_on)

    def diary_of(self, person: User) -> Diary:
        """Return what writes a person's evidence."""
        marker = self.supervisor if person == self.senior else self.senior
        return Diary(person, self.library, self.supervisor, marker, self.now)

    def days_since(self, start: date) -> list[date]:
        """Return the working days from a start to today."""
        return self.library.days_since(start)

    def quiz(self, slug: str) -> QuizPage | None:
        """Return a quiz, or None where it is gone."""
        found: QuizPage | None = QuizPage.objects.live().filter(slug=slug).first()
        return found

    def task(self, slug: str) -> int | None:
        """Return the key of a task, or None where it is gone."""
        return next((key for key, task in self.library.tasks.items() if task.slug == slug), None)


def _reads_on(team: _Team, diary: Diary) -> None:
    """Leave a chapter half read."""
    enrolment = absences.open_of(diary.person)[0]
    chapter = next(
        step
        for step in team.library.steps(enrolment.edition_id)
        if step.kind == "chapter" and (step.due_days or 0) > len(team.days_since(enrolment.starts_on)) - 1
    )
    diary.read([chapter.page_id or 0], diary.moment(team.library.today), sections=1)


def _waits_for_marking(team: _Team, diary: Diary) -> None:
    if quiz := team.quiz("answering-inquiries-quiz"):
        diary.take(quiz, diary.moment(team.library.days_before(1)), wrong=1, is_marked=False)


def _struggles(team: _Team, diary: Diary) -> None:
    if quiz := team.quiz("answering-inquiries-quiz"):
        diary.take(quiz, diary.moment(team.library.days_before(3)), wrong=4)


def _is_away(team: _Team, diary: Diary) -> None:
    since = team.library.days_before(6)
    absences.begin(absences.open_of(diary.person), since, None, "Leave of absence", team.supervisor)


def _does_not_meet_it_at_first(team: _Team, diary: Diary) -> None:
    if key := team.task("works-a-morning-alone"):
        task = team.library.tasks[key]
        remarks = "Three callers waited without a word at ten. Again next week, with the queue in view."
        diary.sign(task, team.library.days_before(3), met=False, remarks=remarks)
        diary.sign(task, team.library.days_before(1), met=True, remarks="The queue was in view all morning.")


def _need_not_come(team: _Team, diary: Diary) -> None:
    for enrolment in absences.open_of(diary.person):
        for step in team.library.steps(enrolment.edition_id):
            if step.title.startswith("A morning out with a locator"):
                reason = "Worked as a locator's helper before coming to the desk."
                waiving.waive(enrolment, step, reason, team.supervisor)


def _prepares_to_move_up(team: _Team, diary: Diary) -> None:
    """Do every task of the position, and read and pass what the next one asks for."""
    for task in team.library.tasks.values():
        functions = {function.position for function in task.job_functions.all()}
        if functions and functions <= {Position.CSR_1, Position.CSR_2} and not task.retired:
            seen = diary.times_met(task)
            diary.meet(task, [team.library.days_before(20)], times=max(task.times - seen, 0))
    path = team.paths.get("senior-csr-lead")
    edition = enrolling.newest_edition(path) if path else None
    for step in team.library.steps(edition.pk) if edition else ():
        if step.kind in ("chapter", "manual", "quiz"):
            diary.do(step, [team.library.days_before(15)])


def _begins_to_renew(team: _Team, diary: Diary) -> None:
    if key := team.task("reports-a-hydrant-out"):
        task = team.library.tasks[key]
        diary.meet(task, [team.library.days_before(1)], times=task.times)


def _reads_what_changes_then(team: _Team, diary: Diary) -> None:
    """Have a chapter change that the person has read: what a minor edition left out comes back with a major one."""
    slug, anchor = CHANGED
    chapter = ChapterPage.objects.live().filter(slug=slug).first()
    whole = list(chapter.body.raw_data) if chapter else []
    if not chapter or not any(section["id"] == anchor for section in whole):
        return
    shorter = [
        {**section, "value": {**section["value"], "content": section["value"]["content"][:-1]}}
        if section["id"] == anchor
        else section
        for section in whole
    ]
    editions = ((shorter, EditionKind.MINOR, LEFT_OUT), (whole, EditionKind.MAJOR, PUT_BACK))
    for body, kind, summary in editions:
        chapter.body = body
        importing.publish(
            chapter, chapter.get_parent(), team.senior, team.supervisor, importing.Change(kind, summary, None)
        )


_BESIDES: dict[str, Callable[[_Team, Diary], None]] = {
    "dcoleman": _reads_on,
    "gibarra": _waits_for_marking,
    "tbrandt": _struggles,
    "lpham": _is_away,
    "okowalczyk": _does_not_meet_it_at_first,
    "mreyes": _need_not_come,
    "sabebe": _prepares_to_move_up,
    "hlindqvist": _begins_to_renew,
    "rachterberg": _reads_what_changes_then,
}


def _present() -> set[str]:
    """Return the usernames of the team that are there. Raises `NameTaken` for one that is a real account's."""
    found = set()
    for member in MEMBERS:
        person = User.objects.filter(username__iexact=member.username).first()
        if person and not person.is_demonstration:
            raise NameTaken(person.username)
        found |= {member.username} if person else set()
    return found


def _has_done_nothing(person: User) -> bool:
    return not (SectionRead.objects.filter(person=person).exists() or Attempt.objects.filter(learner=person).exists())


def _have_read_their_news(names: set[str], now: datetime) -> None:
    """Mark as read what people were told who have been there for long. Runs after the commit, once they were told."""
    Notification.objects.filter(person__username__in=names, read_at__isnull=True).update(read_at=now)
