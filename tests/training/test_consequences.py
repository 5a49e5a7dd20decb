"""An author sees whom a change brings back to a chapter, before it is published and as they read it again."""

import pytest
from django.urls import reverse

from manuals import consequences
from manuals.models import Edition, EditionKind
from portal.people.positions import Position
from portal.training import enrolling
from portal.training.consequences import LearnersToRead
from tests.factories import UserFactory, make_chapter, make_manual, make_policy, publish, section
from tests.training import factories as make

pytestmark = pytest.mark.django_db

BODY = [section("count", "Count the drawer"), section("sign", "Sign the sheet")]


@pytest.fixture
def chapter():
    return make_chapter(make_manual(), body=[dict(one) for one in BODY])


def named(found):
    return [(one.title, one.is_done) for one in found]


def change(chapter, anchor, text):
    """Publish a chapter with another text in one section, as a major edition, and return it."""
    for block in (body := [dict(one) for one in chapter.body.raw_data]):
        if block["id"] == anchor:
            block["value"] = {**block["value"], "content": [{"type": "markdown", "value": text, "id": f"{anchor}-0"}]}
    chapter.body = body
    chapter.change_kind, chapter.change_summary = EditionKind.MAJOR, "Something else."
    publish(chapter)
    return Edition.objects.of(chapter.pk).last()


def test_those_on_a_path_who_read_the_section_are_named_and_nobody_else(chapter):
    manual = chapter.get_parent().specific
    path = make.make_path(make.stage("Week 1", make.read(manual)))
    reader, other, gone, left, elsewhere = [UserFactory(first_name=name) for name in ("Ana", "Bo", "Cy", "Di", "Ed")]
    for person in (reader, other, gone, left):
        make.enrol(person, path)
    for person in (reader, gone, left, elsewhere):
        make.read_sections(person, chapter, "sign")
    make.read_sections(other, chapter, "count")
    gone.is_active = False
    gone.save()
    enrolling.leave(left.enrolments.get(), "Works elsewhere.", reader)

    learners = LearnersToRead()
    assert named(learners.touched(chapter, {"sign"})) == [(str(reader), False)]
    assert named(learners.touched(chapter, {"count"})) == [(str(other), False)]
    assert learners.touched(chapter, set()) == []
    assert learners.touched(make_policy(), {"amount"}) == []


def test_one_is_done_once_they_have_read_the_change(chapter):
    path = make.make_path(make.stage("Week 1", make.read(chapter)))
    reader, late = UserFactory(), UserFactory()
    for person in (reader, late):
        make.enrol(person, path)
        make.read_all(person, chapter)
    edition = change(chapter, "sign", "Two people sign now.")
    newcomer = make.enrol(UserFactory(), path).person
    make.read_all(newcomer, chapter)

    make.read_sections(reader, chapter, "sign")

    effect = next(one for one in consequences.of(chapter, edition) if one.key == "learners")
    assert effect.label == "2 people in training"
    assert sorted(named(effect.items)) == sorted([(str(reader), True), (str(late), False)])


def test_the_author_sees_them_before_publishing(chapter, client):
    path = make.make_path(make.stage("Week 1", make.read(chapter)))
    reader = make.enrol(UserFactory(first_name="Ana", last_name="Lovelace"), path).person
    make.read_all(reader, chapter)
    body = [dict(one) for one in chapter.body.raw_data]
    body[1]["value"] = {**body[1]["value"], "content": [{"type": "markdown", "value": "Two sign.", "id": "sign-0"}]}
    chapter.body = body
    chapter.change_kind, chapter.change_summary = EditionKind.MAJOR, "Two people sign."
    chapter.save_revision()
    client.force_login(UserFactory(position=Position.SUPERVISOR))
    shown = client.get(reverse("publish_edition", args=[chapter.pk])).content.decode()
    assert "1 person in training" in shown


@pytest.mark.parametrize("readers", [2, 6])
def test_queries_do_not_grow_with_readers(chapter, django_assert_num_queries, readers):
    path = make.make_path(make.stage("Week 1", make.read(chapter)))
    for _ in range(readers):
        make.read_all(make.enrol(UserFactory(), path).person, chapter)
    edition = change(chapter, "sign", "Two people sign now.")
    learners = LearnersToRead()
    # What kind of page it is, its manual, who had read it, their paths; sections, editions, what was read since.
    with django_assert_num_queries(6):
        assert len(learners.touched(chapter, {"sign"}, edition)) == readers
