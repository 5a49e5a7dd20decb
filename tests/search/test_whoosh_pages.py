"""The portal's own pages on the Whoosh backend, through the calls Wagtail and we make."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.urls import reverse
from modelsearch.query import MATCH_ALL, And, Boost, Fuzzy, Not, Or, Phrase, PlainText
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from manuals.models import AnswerPage, ChapterPage, JobFunction, PolicyPage, Wording
from tests.factories import UserFactory, make_answer, make_chapter, make_manual, make_policy, section

pytestmark = pytest.mark.django_db

# An answer that has nothing to do with the others.
DRY = {
    "question_es": "¿Por qué no hay agua?",
    "short_answer": "A main may be shut.",
    "script_en": "Let me look for outages near you.",
    "script_es": "Permítame buscar cortes cerca de usted.",
    "steps": [{"type": "step", "value": "Ask for the street.", "id": "street"}],
}


@pytest.fixture
def library(backend, in_index):
    """Two answers, a policy and a manual with a chapter, in an index that holds nothing else."""
    backend.reset_indexes()
    with in_index():
        deposit = make_answer("Do I have to pay a deposit?")
        water = make_answer("Why is there no water?", **DRY)
        policy = make_policy("Customer deposits", body=[section("amount", "Amount", ("markdown", "Half at first."))])
        manual = make_manual("Taking payments")
        chapter = make_chapter(manual, "Opening the drawer")
    return {"deposit": deposit, "water": water, "policy": policy, "manual": manual, "chapter": chapter}


def titles(results):
    return [page.title for page in results]


def test_published_page_is_found_under_every_type_it_is_of(library):
    assert titles(Page.objects.search("drawer")) == ["Opening the drawer"]
    assert titles(ChapterPage.objects.search("drawer")) == ["Opening the drawer"]
    assert titles(AnswerPage.objects.search("drawer")) == []
    assert isinstance(Page.objects.specific().search("drawer")[0], ChapterPage)


def test_search_over_pages_looks_into_the_fields_of_their_types(library):
    assert set(titles(Page.objects.search("deposit"))) == {"Do I have to pay a deposit?", "Customer deposits"}
    assert titles(Page.objects.search("CS-101", operator="and")) == ["Customer deposits"]
    assert titles(PolicyPage.objects.search("supervisor")) == []
    assert titles(PolicyPage.objects.search("58-41", operator="and", fields=["source"])) == ["Customer deposits"]


def test_unpublished_page_is_no_longer_found(library, in_index):
    with in_index():
        library["deposit"].unpublish()
    assert titles(Page.objects.live().search("deposit")) == ["Customer deposits"]
    assert Page.objects.live().search("deposit").count() == 1


def test_unpublished_page_is_not_shown_even_before_the_index_knows(library, backend):
    Page.objects.filter(pk=library["deposit"].pk).update(live=False)
    assert titles(Page.objects.live().search("deposit")) == ["Customer deposits"]


def test_deleted_page_is_gone_from_the_index(library, in_index, backend):
    with in_index():
        library["manual"].delete()
    assert Page.objects.search("drawer").count() == 0
    assert Page.objects.search("payments").count() == 0


def test_changed_title_replaces_the_old_one(library, in_index):
    page = library["water"]
    page.title = "Why is my water brown?"
    with in_index():
        page.save_revision().publish()
    assert titles(Page.objects.search("brown")) == ["Why is my water brown?"]
    assert Page.objects.search(MATCH_ALL).count() == 5


def test_related_rows_saved_with_a_page_are_found_at_once(library, in_index):
    page = library["water"]
    page.also_asked_as.add(Wording(text="my faucet is dry"))
    with in_index():
        page.save()
    assert titles(Page.objects.search("faucet")) == ["Why is there no water?"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("deposits", {"Do I have to pay a deposit?", "Customer deposits"}),
        ("DEPÓSITO deposit", {"Do I have to pay a deposit?", "Customer deposits"}),
        ("no water", {"Why is there no water?"}),
        ("watering", {"Why is there no water?"}),
    ],
)
def test_words_are_found_in_any_form(library, words, expected):
    assert set(titles(Page.objects.search(words, operator="and" if words == "no water" else "or"))) >= expected


def test_queries_are_combined(library):
    def find(query):
        return set(titles(Page.objects.search(query)))

    deposit, customer = "Do I have to pay a deposit?", "Customer deposits"
    assert find(PlainText("deposit") & PlainText("101")) == {customer}
    assert find(Or([PlainText("drawer"), PlainText("101")])) >= {"Opening the drawer", customer}
    assert find(And([PlainText("deposit"), Not(PlainText("101"))])) == {deposit}
    assert find(Phrase("have to pay a deposit")) == {deposit}
    assert find(Phrase("deposit a pay to have")) == set()
    assert find(Fuzzy("depsit")) >= {deposit, customer}
    assert find(Fuzzy("drawr")) == {"Opening the drawer"}
    boosted = Boost(PlainText("drawer"), 50) | PlainText("deposit")
    assert titles(Page.objects.search(boosted))[0] == "Opening the drawer"
    assert find(Boost(PlainText("drawer"), 0)) == {"Opening the drawer"}


def test_phrase_does_not_span_two_values_of_a_field(backend, in_index):
    with in_index():
        make_answer("Is my meter right?", wordings=("who reads meters", "meters are wrong"))
    assert AnswerPage.objects.search(Phrase("who reads meters")).count() == 1
    assert AnswerPage.objects.search(Phrase("reads meters meters")).count() == 0


def test_autocomplete_finds_beginnings_and_each_word_narrows(library):
    assert set(titles(Page.objects.autocomplete("dep"))) == {"Do I have to pay a deposit?", "Customer deposits"}
    assert titles(Page.objects.autocomplete("dep cus")) == ["Customer deposits"]
    assert titles(Page.objects.autocomplete("cs-1")) == ["Customer deposits"]
    assert titles(Page.objects.autocomplete("posit")) == []
    assert titles(PolicyPage.objects.autocomplete("cus", fields=["code"])) == []
    assert titles(Page.objects.autocomplete(Phrase("dep cus"))) == ["Customer deposits"]
    assert titles(Page.objects.autocomplete(Fuzzy("cus"))) == ["Customer deposits"]


def test_tree_filters_work_in_the_index(library, backend):
    manual, chapter = library["manual"], library["chapter"]
    queries = [
        (Page.objects.descendant_of(manual), ["Opening the drawer"]),
        (Page.objects.child_of(manual), ["Opening the drawer"]),
        (Page.objects.not_descendant_of(manual).filter(depth=chapter.depth), []),
        (
            Page.objects.ancestor_of(chapter).filter(content_type=ContentType.objects.get_for_model(manual)),
            ["Taking payments"],
        ),
        (Page.objects.sibling_of(library["deposit"], inclusive=False), ["Why is there no water?"]),
        (Page.objects.type(ChapterPage), ["Opening the drawer"]),
        (Page.objects.exact_type(ChapterPage), ["Opening the drawer"]),
        (Page.objects.page(chapter), ["Opening the drawer"]),
        (Page.objects.live().public().in_menu(), []),
        (Page.objects.filter(pk__in=[chapter.pk]), ["Opening the drawer"]),
        (Page.objects.filter(title__startswith="Opening"), ["Opening the drawer"]),
        (ChapterPage.objects.filter(pk=chapter.pk), ["Opening the drawer"]),
    ]
    for queryset, expected in queries:
        results = queryset.search(MATCH_ALL)
        assert titles(results) == expected
        assert results.count() == len(expected)
        assert results.query_compiler.condition.exact, str(queryset.query)


def test_filters_the_index_cannot_apply_are_left_to_the_database(library):
    queries = [
        (Page.objects.filter(title__icontains="DRAWER"), ["Opening the drawer"]),
        (Page.objects.annotate(small=Lower("title")).filter(small="opening the drawer"), ["Opening the drawer"]),
        (Page.objects.filter(depth__gt=F("depth")), []),
        (Page.objects.exclude(title__icontains="e").filter(depth__gt=2), []),
        (Page.objects.filter(first_published_at__month=13), []),
    ]
    for queryset, expected in queries:
        results = queryset.search(MATCH_ALL)
        assert not results.query_compiler.condition.exact
        assert titles(results) == expected
        assert results.count() == len(expected)


def test_dates_and_nulls_are_filtered_and_sorted(library):
    policy = library["policy"]
    policies = PolicyPage.objects.all()
    assert policies.filter(effective_date__gte=policy.effective_date).search(MATCH_ALL).count() == 1
    assert policies.filter(effective_date__year=2025).search(MATCH_ALL).count() == 0
    assert policies.filter(review_by__isnull=True).search(MATCH_ALL).count() == (policy.review_by is None)
    now = policy.first_published_at
    assert Page.objects.filter(first_published_at__range=(now, now)).search(MATCH_ALL).count() == 1
    in_order = Page.objects.order_by("-first_published_at").search("deposit drawer", order_by_relevance=False)
    assert titles(in_order)[0] == "Opening the drawer"


def test_order_falls_to_the_database_where_only_it_can_make_it(library):
    by_length = Page.objects.order_by(Lower("title").desc()).search("deposit drawer", order_by_relevance=False)
    assert titles(by_length) == ["Opening the drawer", "Do I have to pay a deposit?", "Customer deposits"]
    assert titles(by_length[1:2]) == ["Do I have to pay a deposit?"]


def test_model_with_an_order_of_its_own_keeps_it(backend, in_index):
    backend.reset_indexes()
    JobFunction.objects.all().delete()
    with in_index():
        for order, name in enumerate(["Taking payments", "Answering calls", "Taking deposits"]):
            JobFunction.objects.create(name=name, slug=f"function-{order}", position="csr_1", order=order)
    found = backend.search("taking", JobFunction.objects.all(), order_by_relevance=False)
    assert [function.name for function in found] == ["Taking payments", "Taking deposits"]


def test_facets_count_what_was_found(library):
    facet = Page.objects.search("deposit drawer").facet("content_type_id")
    types = {ContentType.objects.get_for_id(pk).model_class(): count for pk, count in facet.items()}
    assert types == {AnswerPage: 1, PolicyPage: 1, ChapterPage: 1}
    assert dict(Page.objects.search(MATCH_ALL).facet("live")) == {True: 5}


def test_scores_fall_and_are_floats(library):
    results = Page.objects.search("pay a deposit").annotate_score("score")
    scores = [page.score for page in results]
    assert scores == sorted(scores, reverse=True)
    assert all(isinstance(score, float) and score > 0 for score in scores)


def test_rolled_back_save_leaves_no_trace_in_the_index(library, in_index):
    class Regret(Exception):
        pass

    with in_index():
        with pytest.raises(Regret), transaction.atomic():
            page = library["water"]
            page.title = "Regrettable"
            page.save()
            raise Regret
        library["deposit"].save()
    assert Page.objects.search("regrettable").count() == 0
    assert Page.objects.search(MATCH_ALL).count() == 5


def test_rebuilding_finds_everything_there_is(backend, library):
    call_command("update_index", verbosity=0)
    assert backend.folder.state().complete
    assert Page.objects.search(MATCH_ALL).count() == Page.objects.exclude(depth=1).count() + 1
    assert titles(Page.objects.search("drawer")) == ["Opening the drawer"]


def test_results_take_one_query_however_many(library, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(Page.objects.live().search("deposit drawer water")) == 4
    with django_assert_num_queries(0):
        assert Page.objects.live().search("deposit drawer water").count() == 4


@pytest.mark.parametrize(
    ("address", "query", "finds"),
    [
        ("wagtailadmin_pages:search", {"q": "drawer"}, "Opening the drawer"),
        ("wagtailadmin_pages:search", {"q": "dra ope", "ordering": "-title"}, "Opening the drawer"),
        ("wagtailadmin_explore_root", {"q": "draw"}, "Opening the drawer"),
        ("wagtailadmin_choose_page_search", {"q": "draw", "page_type": "wagtailcore.page"}, "Opening the drawer"),
        ("wagtailimages:index", {"q": "lobby"}, "Lobby at noon"),
        ("wagtailimages_chooser:choose_results", {"q": "lob"}, "Lobby at noon"),
        ("wagtaildocs:index", {"q": "lobby"}, None),
        ("wagtailusers_users:index", {"q": "avery"}, None),
        ("wagtailadmin_pages:search", {"q": '\x00"*'}, None),
    ],
)
def test_admin_searches_through_it(library, in_index, client, address, query, finds):
    client.force_login(UserFactory(is_superuser=True))
    with in_index():
        Image.objects.create(title="Lobby at noon", file=get_test_image_file())
    response = client.get(reverse(address), query)
    assert response.status_code == 200
    assert finds is None or finds in response.content.decode()
