"""What a search costs: a few queries, however much is found."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import PageViewRestriction

from search import answers
from search.models import SynonymGroup
from tests.factories import make_answer, make_chapter, make_manual, make_policy, section

pytestmark = pytest.mark.django_db


def stock(in_index, start, count):
    """Publish so many answers, policies and chapters about mattresses."""
    with in_index():
        manual = make_manual(f"Manual {start}")
        for number in range(start, start + count):
            make_answer(f"Mattress {number}", wordings=(f"mattresses {number}",))
            make_policy(f"Mattresses {number}", f"MT-{number:03}", body=[section("s", "Mattress")])
            make_chapter(manual, f"Mattress chapter {number}", body=[section("s", "Mattress")])


def queries(text, person, **options):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        found = answers.find(text, person, **options)
    return len(captured), found


def test_queries_do_not_grow_with_what_is_found(backend, in_index, agent):
    stock(in_index, 0, 1)
    few, found = queries("mattress", agent)
    assert len(found.hits) == 3
    stock(in_index, 1, 6)
    many, found = queries("mattress", agent)
    assert len(found.hits) == answers.LIMIT
    assert few == many == 5


def test_search_that_needs_everything_takes_eleven_queries(backend, in_index, agent):
    stock(in_index, 0, 3)
    text = "matrtess mt-001 wigdet"
    group = Group.objects.create(name="Payroll")
    agent.groups.add(group)
    SynonymGroup.objects.create(terms="mattress\nbed")
    for page in answers.AnswerPage.objects.all():
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
        restriction.groups.add(group)
        SearchPromotion.objects.create(query=Query.get(text), page=page)
    with in_index():
        make_answer("Where to?", script_en="We take the widget.")
        restricted = make_manual("For others")
    PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.GROUPS)
    count, found = queries(text, agent)
    assert found.corrections == {"matrtess": "mattress", "wigdet": "widget"}
    assert len(found.hits) == 11
    assert count == 11


def test_queries_do_not_grow_with_restrictions(backend, in_index, agent):
    stock(in_index, 0, 5)
    group = Group.objects.create(name="Payroll")
    counts = []
    for page in answers.AnswerPage.objects.all()[:4]:
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
        restriction.groups.add(group)
        counts.append(queries("mattress", agent)[0])
    assert len(set(counts)) == 1


def test_queries_do_not_grow_with_synonyms(backend, in_index, agent):
    stock(in_index, 0, 1)
    before, _ = queries("mattress", agent)
    for number in range(5):
        SynonymGroup.objects.create(terms=f"mattress\nbed{number}")
    assert queries("mattress", agent)[0] == before
