"""How far many people are with many chapters is the same as looked at one by one, section by section."""

from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from manuals.models import EditionKind, Section
from portal.training import reading, readings
from tests.factories import UserFactory, make_chapter, make_manual, publish, section
from tests.training import factories as make

pytestmark = pytest.mark.django_db

ANCHORS = ("count", "sign", "store")
PEOPLE = ("early", "late")
_titles = count(1)

# A text for each section, None where the page is without it.
body = st.fixed_dictionaries({anchor: st.sampled_from([None, "Once.", "Twice."]) for anchor in ANCHORS}).filter(
    lambda texts: any(texts.values())
)
deeds = st.one_of(
    st.tuples(st.just("edit"), st.sampled_from([EditionKind.MAJOR, EditionKind.MINOR]), body),
    st.tuples(st.just("read"), st.sampled_from(PEOPLE), st.sets(st.sampled_from(ANCHORS), min_size=1)),
    st.tuples(st.just("read"), st.sampled_from(PEOPLE), st.just(set(ANCHORS))),
)


def of_texts(texts):
    return [section(anchor, anchor.title(), ("markdown", text)) for anchor, text in texts.items() if text]


def one_by_one(people, page):
    asked = readings.asked_of([page]).get(page, [])
    reads = readings.reads_of(people, [page])
    return {person: reading.of(asked, reads.get((person, page), {})) for person in people}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(deeds, max_size=9))
@example(
    [
        ("read", "early", {"count", "sign"}),
        ("edit", EditionKind.MINOR, dict.fromkeys(ANCHORS, "Twice.")),
        ("read", "early", {"count"}),
    ]
)
def test_counted_together_it_is_what_one_by_one_it_is(deeds):
    chapter = make_chapter(make_manual(f"Manual {next(_titles)}"), body=of_texts(dict.fromkeys(ANCHORS, "Once.")))
    people = {name: UserFactory() for name in PEOPLE}
    keys = [person.pk for person in people.values()]
    for deed in deeds:
        match deed:
            case ("edit", kind, texts):
                chapter.body = of_texts(texts)
                chapter.change_kind, chapter.change_summary = kind, "Something else."
                publish(chapter)
            case ("read", name, anchors):
                standing = Section.objects.current().filter(page_id=chapter.pk, anchor__in=anchors)
                make.read_sections(people[name], chapter, *standing.values_list("anchor", flat=True))
        found = readings.of(keys, [chapter.pk])
        assert {key: found.of(key, chapter.pk) for key in keys} == one_by_one(keys, chapter.pk)


def test_the_queries_do_not_grow_with_people_and_chapters(django_assert_max_num_queries):
    chapters = [
        make_chapter(make_manual(f"Manual {next(_titles)}"), body=of_texts({"a": "A.", "b": "B."})) for _ in "123"
    ]
    people = [UserFactory() for _ in "1234"]
    for person in people[:3]:
        make.read_all(person, *chapters)
    make.read_sections(people[3], chapters[0], "a")
    with django_assert_max_num_queries(4):
        found = readings.of([person.pk for person in people], [chapter.pk for chapter in chapters])
    assert [found.of(person.pk, chapters[0].pk).share for person in people] == [1, 1, 1, 0.5]
    assert found.of(people[3].pk, chapters[1].pk).unread == ("a", "b")
