"""The answer search: a caller's words find the answer, best first."""

import pytest

from tests.factories import make_chapter, make_manual, make_policy, section

pytestmark = pytest.mark.django_db


def headings(results):
    return [hit.heading for hit in results.hits]


@pytest.fixture
def deposit_policy(backend, in_index):
    body = [section("amount", "Amount of the deposit", ("markdown", "Renters pay [[$150.00]] within 10 days."))]
    with in_index():
        return make_policy("Customer deposits", "CS-101", body)


def test_any_word_finds_whatever_else_is_said(write, ask):
    write("Where do I take a mattress?")
    found = ask("hey so my brother in law left his old mattress in my garage, what now")
    assert headings(found) == ["Where do I take a mattress?"]


def test_nothing_is_found_for_words_nobody_wrote(write, ask):
    write("Where do I take a mattress?")
    assert ask("xylophone").hits == []
    assert ask("xylophone").is_available


def test_title_ranks_before_short_answer_and_short_answer_before_body(write, ask):
    write("Is it in the script?", script_en="A mattress goes to the landfill, and so do other things that are large.")
    write("Is it in the short answer?", short_answer="A mattress goes to the landfill.")
    write("Is it a mattress?")
    assert headings(ask("mattress")) == ["Is it a mattress?", "Is it in the short answer?", "Is it in the script?"]


def test_other_wordings_rank_before_short_answer_and_body(write, ask):
    write("Is it in the script?", script_en="A mattress goes to the landfill, and so do other things that are large.")
    write("Is it in the short answer?", short_answer="A mattress goes to the landfill.")
    write("Is it in a wording?", wordings=("where do I take a mattress",))
    assert headings(ask("mattress"))[0] == "Is it in a wording?"


def test_wording_that_says_what_the_caller_says_comes_first(write, ask):
    write("What is a late fee?", script_en="The late fee is a fee that is charged late. It is not off the bill.")
    write("Can a charge be waived?", wordings=("can you take the late fee off my bill",))
    assert headings(ask("can you take that late fee off of my bill"))[0] == "Can a charge be waived?"


def test_hit_is_a_page_with_its_extract_and_score(write, ask):
    page = write("Where do I take a mattress?", short_answer="Take mattresses to the landfill.")
    [hit] = ask("mattress").hits
    assert (hit.page, hit.section, hit.is_answer, hit.is_promoted) == (page, None, True, False)
    assert hit.extract == "Take <mark>mattresses</mark> to the landfill."
    assert isinstance(hit.score, float)
    assert hit.score > 0
    assert hit.url == page.url


def test_policy_section_is_found_at_its_address(deposit_policy, ask):
    [hit] = ask("what do renters pay").hits
    assert (hit.page.pk, hit.section, hit.heading) == (deposit_policy.pk, "amount", "Amount of the deposit")
    assert hit.extract == "<mark>Renters</mark> <mark>pay</mark> $150.00 within 10 days."
    assert hit.url == f"{deposit_policy.url}#amount"
    assert not hit.is_answer


def test_chapter_section_is_found_at_its_address(backend, in_index, ask):
    with in_index():
        make_chapter(make_manual(), body=[section("count", "Count the drawer")])
    [hit] = ask("drawer").hits
    assert (hit.page.title, hit.section) == ("Opening the drawer", "count")


def test_answer_ranks_before_the_section_that_says_the_same(write, deposit_policy, ask):
    write("What is the amount of the deposit?", short_answer="Renters pay [[$150.00]] within 10 days.")
    found = ask("amount of the deposit for renters")
    assert headings(found) == ["What is the amount of the deposit?", "Amount of the deposit"]


def test_scores_fall_from_hit_to_hit(write, deposit_policy, ask):
    write("What is the amount of the deposit?")
    write("When do I get my deposit back?")
    scores = [hit.score for hit in ask("deposit amount").hits]
    assert len(scores) == 3
    assert scores == sorted(scores, reverse=True)


def test_no_water_is_not_water(write, ask):
    write("How is water billed?", script_en="Water is billed by the gallon of water.")
    write("Why is my water brown?", script_en="Brown water has iron in it. Water clears up.")
    write("Why is there no water?", script_en="A main may be shut.")
    assert headings(ask("no water"))[0] == "Why is there no water?"


def test_not_tells_two_answers_apart(write, ask):
    write("My meter is working")
    write("My meter is not working")
    assert headings(ask("meter not working"))[0] == "My meter is not working"


@pytest.mark.parametrize("words", ["CS-101", "cs-101", "cs101", "CS 101", "what does cs101 say about pets?"])
def test_policy_code_finds_the_policy_in_any_spelling(write, deposit_policy, ask, words):
    write("What does it say about pets in 101 ways?")
    [first, *_] = ask(words).hits
    assert (first.page.pk, first.section) == (deposit_policy.pk, None)


def test_number_is_matched_exactly(write, ask):
    write("Is it due in 30 days?")
    write("Is it due in 300 days?")
    assert headings(ask("300")) == ["Is it due in 300 days?"]
    assert headings(ask("30")) == ["Is it due in 30 days?"]
    assert ask("3").hits == []
    assert ask("3000").corrections == {}


@pytest.mark.parametrize("asked", ["$35", "35", "$35.00", "35.00", "35 dollars"])
def test_amount_of_whole_dollars_is_found_with_and_without_cents(write, ask, asked):
    write("Is it $35.00?")
    write("Is it $35?")
    write("Is it $350?")
    write("Is it $35.50?")
    assert set(headings(ask(asked))) == {"Is it $35.00?", "Is it $35?"}


def test_form_name_is_matched_exactly(write, ask):
    write("What is form W-9 for?")
    write("What is form W-4 for?")
    assert headings(ask("w-4"))[0] == "What is form W-4 for?"
    assert headings(ask("form W-9"))[0] == "What is form W-9 for?"


def test_partial_finds_while_the_last_word_is_typed(write, ask):
    write("Where do I take a mattress?")
    assert headings(ask("take mattr", partial=True)) == ["Where do I take a mattress?"]
    assert headings(ask("m", partial=True)) == ["Where do I take a mattress?"]
    assert ask("mattr").corrections == {}
    assert ask("mattr").hits == []


def test_partial_word_of_a_letter_or_two_waits_for_more_beside_other_words(write, ask):
    write("Where do I take a mattress?")
    write("Where do I take a sofa?", script_en="Many thanks.")
    alone = {hit.heading: hit.score for hit in ask("take", partial=True).hits}
    assert {hit.heading: hit.score for hit in ask("take ma", partial=True).hits}.keys() == alone.keys()
    assert headings(ask("take mat", partial=True))[0] == "Where do I take a mattress?"
    assert headings(ask("ma", partial=True)) == ["Where do I take a mattress?"]


def test_partial_word_does_not_become_one_that_is_everywhere(write, ask):
    write("Is there a place?", wordings=("are there any",))
    write("Where is the theatre?")
    assert headings(ask("the", partial=True)) == ["Where is the theatre?"]


def test_partial_takes_a_word_with_a_blank_behind_it_as_typed_to_its_end(write, ask):
    write("Where do I take a mattress?")
    assert ask("matt ", partial=True).hits == []


def test_partial_does_not_correct_the_word_that_is_being_typed(write, ask):
    write("Where do I take a mattress?")
    write("What is a mat?")
    assert ask("matress", partial=True).corrections == {}
    assert ask("matress take", partial=True).corrections == {"matress": "mattress"}


def test_extract_escapes_what_was_written(write, ask):
    write("Where do I take a mattress?", short_answer="<script>alert('mattress')</script> & more")
    [hit] = ask("mattress").hits
    assert hit.extract == "&lt;script&gt;alert(&#x27;<mark>mattress</mark>&#x27;)&lt;/script&gt; &amp; more"


def test_limit_is_kept(write, ask):
    for number in range(4):
        write(f"Mattress {number}")
    assert len(ask("mattress", limit=3).hits) == 3
    assert len(ask("mattress").hits) == 4


@pytest.mark.parametrize("words", ["", "   ", "\x00", "\u200b\n\t"])
def test_nothing_asked_finds_nothing(backend, ask, words, django_assert_num_queries):
    with django_assert_num_queries(0):
        results = ask(words)
    assert (results.hits, results.corrections, results.is_available) == ([], {}, True)
