"""What somebody can do alone, with help or not yet, and who is ready for the next position."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from manuals import exemptions
from manuals.models import EditionKind, JobFunction
from portal.people.positions import Position, group_for
from portal.training import readiness, readiness_missing
from portal.training.models import Level, ReadinessRule, RefresherCard
from portal.training.readiness_rules import Measure
from tests.factories import UserFactory, make_chapter, make_manual, make_policy, publish, section
from tests.quizzes.factories import chosen, make_quiz, single_choice, take
from tests.training import factories as make

pytestmark = pytest.mark.django_db

TEAM = reverse("training:team_readiness")
BODY = [section("count", "Count the drawer"), section("close", "Close the drawer")]


@pytest.fixture
def supervisor(client):
    person = UserFactory(position=Position.SUPERVISOR, first_name="Rosa", last_name="Okafor")
    client.force_login(person)
    return person


class Held:
    """A job function, and one of everything that the portal holds for it; a rule that does not ask for refreshers."""

    def __init__(self, name="Collect payments", position=Position.CSR_1, *, asks=(Position.CSR_1, Position.CSR_2)):
        self.function = JobFunction.objects.create(slug=name.lower().replace(" ", "-"), name=name, position=position)
        own = {"job_functions": [self.function]}
        self.chapter = make_chapter(make_manual(f"{name}: manual", **own), f"{name}: chapter", body=BODY)
        groups = [group_for(one) for one in asks]
        code = f"CS-{900 + self.function.pk}"
        self.policy = make_policy(f"{name}: policy", code, acknowledged_by=groups, **own)
        self.question = single_choice(f"{name}: fee", "$25", "$30", **own)
        self.quiz = make_quiz(self.question, title=f"{name}: quiz", attempts_allowed=0, **own)
        self.task = make.make_task(f"{name}: task", times=2, **own)

    def answer(self, person, text):
        take(self.quiz, person, {self.question: chosen(self.question, text)})

    def do_all(self, person, supervisor, signed=2):
        make.read_all(person, self.chapter)
        if self.policy.acknowledged_by.filter(name=Position(person.position).label).exists():
            make.agree(person, self.policy)
        self.answer(person, "$25")
        RefresherCard.objects.filter(person=person).delete()
        for _ in range(signed):
            make.sign(person, self.task, supervisor)


def ability(person, place=0):
    """Return how far a person is with the first function of their position, or another."""
    return readiness.of([person])[person.pk].abilities[place]


def shares(person, place=0):
    return {measure: tuple(amount) for measure, amount in ability(person, place).amounts.items()}


def test_each_kind_of_evidence_counts_and_the_level_rises_with_it(supervisor):
    held, person = Held(), UserFactory()
    assert ability(person).level == Level.NOT_STARTED
    assert shares(person) == {
        Measure.READ: (0, 2),
        Measure.ACKNOWLEDGED: (0, 1),
        Measure.MARK: (0, 100),
        Measure.SIGNED: (0, 2),
        Measure.RECALLED: (0, 0),
    }
    make.read_sections(person, held.chapter, "count")
    assert (ability(person).level, shares(person)[Measure.READ]) == (Level.LEARNING, (1, 2))
    make.read_sections(person, held.chapter, "close")
    make.agree(person, held.policy)
    held.answer(person, "$30")
    assert ability(person).level == Level.LEARNING
    held.answer(person, "$25")
    held.answer(person, "$30")
    RefresherCard.objects.all().delete()
    assert (ability(person).level, shares(person)[Measure.MARK]) == (Level.WITH_HELP, (100, 100))
    for _ in range(2):
        assert ability(person).level == Level.WITH_HELP
        last = make.sign(person, held.task, supervisor)
    assert ability(person).level == Level.ALONE
    make.sign(person, held.task, supervisor, met=False, corrects=last, correction_reason="It was another person.")
    assert (ability(person).level, shares(person)[Measure.SIGNED]) == (Level.WITH_HELP, (1, 2))


def test_what_was_forgotten_counts_among_the_questions_of_the_function(supervisor):
    held, person = Held(), UserFactory()
    held.do_all(person, supervisor)
    assert ability(person).level == Level.ALONE
    now = timezone.now()
    remembered = {"state": 2, "stability": 3, "difficulty": 5, "due": now, "last_review": now - timedelta(days=3)}
    card = RefresherCard.objects.create(person=person, question=held.question, last_right=False, **remembered)
    assert (ability(person).level, shares(person)[Measure.RECALLED]) == (Level.WITH_HELP, (0, 1))
    card.last_right = True
    card.save()
    assert (ability(person).level, shares(person)[Measure.RECALLED]) == (Level.ALONE, (1, 1))


def test_a_section_that_a_major_edition_changed_is_read_no_longer_and_a_minor_one_takes_nothing_back(supervisor):
    held, person = Held(), UserFactory()
    held.do_all(person, supervisor)
    chapter = held.chapter
    for kind, read in ((EditionKind.MINOR, 2), (EditionKind.MAJOR, 1)):
        body = [section("count", "Count the drawer", ("markdown", f"Count it {read} times.")), BODY[1]]
        chapter.body, chapter.change_kind, chapter.change_summary = body, kind, "Counting anew."
        chapter = publish(chapter)
        assert shares(person)[Measure.READ] == (read, 2)
    make.read_sections(person, chapter, "count")
    assert shares(person)[Measure.READ] == (2, 2)
    chapter.unpublish()
    assert shares(person)[Measure.READ] == (0, 0)


def test_a_chapter_serves_the_functions_it_names_and_otherwise_those_of_its_manual():
    one = JobFunction.objects.create(slug="one", name="One", position=Position.CSR_1, order=1)
    two = JobFunction.objects.create(slug="two", name="Two", position=Position.CSR_1, order=2)
    manual = make_manual(job_functions=[one, two])
    make_chapter(manual, "Both", body=BODY)
    make_chapter(manual, "The second", body=BODY[:1], job_functions=[two])
    person = UserFactory()
    assert [shares(person, place)[Measure.READ][1] for place in (0, 1)] == [2, 3]


def test_what_is_not_asked_of_a_person_yet_or_not_any_more_is_not_missing(supervisor):
    own, above = Held(), Held("Bank drafts", Position.CSR_2, asks=[Position.CSR_2])
    person, exempt = UserFactory(), UserFactory()
    exemptions.grant(exempt, own.policy, "Wrote it.", supervisor)
    assert shares(person, 1)[Measure.ACKNOWLEDGED] == (0, 0)
    assert shares(UserFactory(position=Position.CSR_2), 1)[Measure.ACKNOWLEDGED] == (0, 1)
    assert shares(exempt)[Measure.ACKNOWLEDGED] == (0, 0)
    assert above.function == ability(person, 1).function


def test_nobody_does_alone_what_no_task_shows_unless_the_rule_asks_for_none(client, supervisor):
    held, person = Held(), UserFactory()
    held.do_all(person, supervisor)
    held.task.retired = True
    held.task.save()
    found = readiness.of([person])[person.pk]
    (line,) = readiness_missing.lines(found, found.own, is_own=True, may_sign=False)
    assert line.ability.level == Level.WITH_HELP
    assert [item.verb for item in line.missing[0].items] == [
        "No task at the desk is set for it yet. A Senior CSR or a Supervisor adds one."
    ]
    ReadinessRule.objects.create(job_function=held.function, alone_signed=0)
    assert ability(person).level == Level.ALONE
    page = client.get(reverse("training:readiness_of", args=[person.pk])).content.decode()
    assert "This function has a rule of its own." in page


def test_who_does_everything_alone_and_enough_of_the_next_is_ready_and_others_see_what_is_missing(client, supervisor):
    own, above = Held(), Held("Bank drafts", Position.CSR_2, asks=[Position.CSR_2])
    ready, other = UserFactory(last_name="Ames", supervisor=supervisor), UserFactory(last_name="Bell")
    for held in (own, above):
        held.do_all(ready, supervisor)
        held.do_all(other, supervisor)
    other.supervisor = supervisor
    other.save()
    last = other.signoffs.filter(task=own.task).first()
    make.sign(other, own.task, supervisor, met=False, corrects=last, correction_reason="Not that drawer.")

    found = readiness.of([ready, other])
    assert (found[ready.pk].is_ready, found[other.pk].is_ready) == (True, False)
    assert found[ready.pk].above == Position.CSR_2
    assert readiness.ready_among(supervisor.reports.all()) == [(ready, Position.CSR_2)]
    assert [one.function for one in found[other.pk].not_alone] == [own.function]
    page = client.get(reverse("training:readiness_of", args=[other.pk])).content.decode()
    assert "Not ready for CSR II yet" in page
    assert f'<a href="{reverse("training:sign", args=[other.pk, own.task.pk])}">Collect payments: task</a>' in page
    assert "Ready for CSR II" in client.get(reverse("training:readiness_of", args=[ready.pk])).content.decode()
    names = [str(row.person) for row in client.get(TEAM, {"ready": "ready"}).context["rows"]]
    assert names == [str(ready)]
    front = client.get(reverse("home:front_page")).content.decode()
    assert "Ready to move up" in front
    assert str(ready) in front
    assert str(other) not in front


def test_how_far_one_must_be_with_the_next_position_is_the_rules_to_say(supervisor):
    own, above, person = Held(), Held("Bank drafts", Position.CSR_2), UserFactory()
    own.do_all(person, supervisor)
    make.read_all(person, above.chapter)
    ReadinessRule.objects.create(job_function=above.function)
    found = readiness.of([person])[person.pk]
    assert (found.not_alone, [one.function for one in found.not_far_enough]) == ([], [above.function])
    assert not found.is_ready
    everyone = type(person).objects.all()
    assert readiness.ready_among(everyone) == []
    ReadinessRule.objects.filter(job_function=above.function).update(to_move_up=Level.LEARNING)
    assert readiness.of([person])[person.pk].is_ready
    assert readiness.ready_among(everyone) == [(person, Position.CSR_2)]


def test_who_was_not_signed_off_all_it_takes_is_not_looked_at_more_closely(supervisor, django_assert_num_queries):
    own, person = Held(), UserFactory()
    Held("Bank drafts", Position.CSR_2)
    own.do_all(person, supervisor, signed=1)
    people = type(person).objects.filter(pk=person.pk)
    # The people, the functions, the rules; and the tasks, how often each asks, and what was signed.
    with django_assert_num_queries(6):
        assert readiness.ready_among(people) == []


def test_who_needs_no_sign_offs_by_the_rule_is_ready_without(supervisor):
    own, above, person = Held(), Held("Bank drafts", Position.CSR_2, asks=[Position.CSR_2]), UserFactory()
    ReadinessRule.objects.update(alone_signed=0, help_signed=0)
    for held in (own, above):
        held.do_all(person, supervisor, signed=0)
    assert not person.signoffs.exists()
    assert readiness.ready_among(type(person).objects.all()) == [(person, Position.CSR_2)]


def test_ones_own_page_says_what_to_do_next_and_where(client):
    held, person = Held(), UserFactory()
    make.read_sections(person, held.chapter, "count")
    client.force_login(person)
    page = " ".join(client.get(reverse("training:readiness")).content.decode().split())
    assert f'Read <a href="{held.chapter.url}">{held.chapter.title}</a>' in page
    assert "(1 of 2 sections left)" in page
    assert f'Acknowledge <a href="{held.policy.url}acknowledge/">' in page
    assert f'Reach 70 percent in <a href="{held.quiz.url}">' in page
    assert "Have signed off: Collect payments: task" in page
    assert "80 percent of the sections read, every policy acknowledged" in page
    assert client.get(held.quiz.url).status_code == 200


def test_queries_do_not_grow_with_people_and_functions(client, supervisor):
    def counts():
        found = []
        for url in (TEAM, f"{TEAM}?ready=not", f"{TEAM}?export=csv", reverse("home:front_page"), first):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    person = UserFactory(supervisor=supervisor)
    first = reverse("training:readiness_of", args=[person.pk])
    Held().do_all(person, supervisor)
    Held("Work orders", Position.CSR_2).do_all(person, supervisor)
    counts()
    before = counts()
    held, another = Held("Mail"), UserFactory(supervisor=supervisor)
    held.do_all(person, supervisor)
    held.do_all(another, supervisor)
    with CaptureQueriesContext(connection) as queries:
        readiness.of([person])
    assert len(queries) <= 18
    assert counts() == before


def test_the_team_is_downloaded_with_a_line_for_each_person_and_function(client, supervisor):
    held = Held()
    person = UserFactory(first_name="=Ana", username="aruiz", supervisor=supervisor)
    held.do_all(person, supervisor)
    table = client.get(TEAM, {"export": "csv"})
    text = b"".join(table.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["Person"].startswith("'=Ana")
    assert (row["Function"], row["Level"]) == ("Collect payments", "Can do alone")
    assert (row["Sections read, percent"], row["Quizzes, percent"], row["Refresher, percent"]) == ("100", "100", "")
    shown = client.get(TEAM).content.decode()
    assert "Collect payments: can do alone" in shown


def test_seniors_set_the_rule_and_are_told_what_cannot_be(client, supervisor):
    client.force_login(UserFactory(position=Position.SENIOR))
    held, person = Held(), UserFactory()
    make.read_all(person, held.chapter)
    values = {f"{level}_{measure}": 0 for level in ("help", "alone") for measure in Measure}
    url = reverse(ReadinessRule.snippet_viewset.get_url_name("add"))
    wrong = {**values, "help_read": 60, "alone_read": 50, "alone_mark": 101, "to_move_up": Level.ALONE}
    page = client.post(url, wrong).content.decode()
    assert "“Alone” cannot ask for less than “with help”: enter 60 at least" in page
    assert "Enter a percentage from 0 to 100." in page
    assert not ReadinessRule.objects.filter(alone_read=50).exists()
    ReadinessRule.objects.filter(job_function=None).delete()
    client.post(url, {**wrong, "alone_read": 100, "alone_mark": 0})
    rule = ReadinessRule.objects.get(job_function=None)
    assert (rule.alone_read, ability(person).level) == (100, Level.ALONE)
    ReadinessRule.objects.create(job_function=held.function)
    again = client.post(url, {**values, "job_function": held.function.pk, "to_move_up": Level.ALONE}).content.decode()
    assert "This function has a rule already." in again
    with pytest.raises(IntegrityError), transaction.atomic():
        ReadinessRule.objects.create()
    client.force_login(UserFactory(position=Position.CSR_2))
    assert client.get(url).status_code == 302
