"""What search keeps: synonyms and golden questions that can be used, and questions that tell nobody who called."""

import pytest
from django.core.exceptions import ValidationError

from portal.people.models import Language
from search.models import GoldenQuestion, SearchChoice, SearchQuery, SynonymGroup
from tests.factories import UserFactory, make_answer

pytestmark = pytest.mark.django_db


def errors_of(instance):
    with pytest.raises(ValidationError) as raised:
        instance.full_clean()
    return raised.value.message_dict


def test_synonyms_are_lines_without_blanks_around_them_each_once():
    group = SynonymGroup(terms="  turned   off \n\ndisconnected\r\nturned off\n")
    group.full_clean()
    assert group.phrases == ["turned off", "disconnected"]
    assert str(group) == "turned off ~ disconnected"


@pytest.mark.parametrize("terms", ["trash", "trash\n\n  \n", "trash\ntrash", "trash, garbage"])
def test_one_word_has_no_synonyms(terms):
    sentence = "Give at least two words or phrases, each on a line of its own."
    assert errors_of(SynonymGroup(terms=terms)) == {"terms": [sentence]}


def test_question_is_no_synonym():
    errors = errors_of(SynonymGroup(terms="off\nwhy on earth has my water been turned off"))
    assert errors == {
        "terms": [
            "“why on earth has my water been turned off” has more than 6 words. Put whole questions into “Also asked as”."
        ]
    }


def test_golden_question_stands_once_and_for_an_answer():
    answer = make_answer()
    golden = GoldenQuestion.objects.create(question="do I gotta pay up front", answer=answer)
    assert (str(golden), golden.language) == ("do I gotta pay up front", Language.ENGLISH)
    again = errors_of(GoldenQuestion(question="do I gotta pay up front", answer=answer))
    assert again == {"question": ["Golden question with this Question already exists."]}
    assert set(errors_of(GoldenQuestion(question="", language="fr"))) == {"question", "answer", "language"}


def test_golden_question_goes_with_its_answer():
    answer = make_answer()
    GoldenQuestion.objects.create(question="do I gotta pay up front", answer=answer)
    answer.delete()
    assert not GoldenQuestion.objects.exists()


def test_asked_question_is_stored_without_what_tells_who_called():
    query = SearchQuery.objects.create(text="acct 555-123-4567 mary@example.com no water", found=3)
    query.refresh_from_db()
    assert query.text == "acct ••• ••• no water"
    query.text = "account 12345678"
    query.save()
    assert SearchQuery.objects.get().text == "account •••"


def test_long_question_is_masked_before_it_is_cut():
    query = SearchQuery.objects.create(text="x" * 250 + " 1234567890", found=0)
    query.refresh_from_db()
    assert query.text == "x" * 250 + " •••"
    assert SearchQuery.objects.create(text="no\x00water " * 100, found=0).text.startswith("no water no water")
    assert max(len(query.text) for query in SearchQuery.objects.all()) == 255


def test_what_was_asked_and_chosen_outlives_the_person():
    person = UserFactory()
    query = SearchQuery.objects.create(text="no water", person=person, found=1)
    choice = SearchChoice.objects.create(
        query=query, page=make_answer("Why is there no water?"), person=person, place=1
    )
    person.delete()
    query.refresh_from_db()
    choice.refresh_from_db()
    assert (query.person, choice.person, str(query)) == (None, None, "no water")
    assert str(choice) == "Why is there no water? (1)"
