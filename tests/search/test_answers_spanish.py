"""Questions in Spanish find the answers that have a Spanish script, and are answered in Spanish."""

import pytest

from search.answers import language_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def bilingual(write):
    """An answer in both languages, beside one in English alone."""
    write("Where do I pay?", short_answer="At the counter.")
    return write(
        "Do I have to pay a deposit?",
        question_es="¿Tengo que pagar un depósito?",
        short_answer="Yes, most customers do.",
        short_answer_es="Sí, la mayoría de los clientes paga un depósito.",
        script_es="La mayoría de los clientes nuevos paga una garantía al principio.",
    )


@pytest.mark.parametrize(
    "words",
    [
        "¿Tengo que pagar un depósito?",
        "tengo que pagar un deposito",
        "TENGO QUE PAGAR UN DEPÓSITO",
        "los depósitos",
        "oiga, y eso de la garantia, cuando la tengo que pagar",
    ],
)
def test_spanish_question_finds_the_answer_and_shows_it_in_spanish(bilingual, ask, words):
    first = ask(words).hits[0]
    assert first.page.pk == bilingual.pk
    assert first.heading == "¿Tengo que pagar un depósito?"
    assert first.language == "es"
    assert first.extract.startswith("Sí, la mayoría")
    assert first.url == f"{bilingual.url}?script=es"


def test_spanish_extract_marks_the_words_of_the_question(bilingual, ask):
    assert "<mark>depósito</mark>" in ask("de los depositos").hits[0].extract


def test_english_question_shows_the_same_answer_in_english(bilingual, ask):
    first = ask("do I have to pay the deposit").hits[0]
    assert (first.heading, first.language, first.url) == ("Do I have to pay a deposit?", "en", bilingual.url)
    assert first.extract == "Yes, most customers do."


def test_answer_without_spanish_is_shown_in_english(write, ask):
    write("Where do I pay for the permiso?")
    first = ask("¿dónde se paga el permiso?").hits[0]
    assert (first.heading, first.language) == ("Where do I pay for the permiso?", "en")


def test_answer_with_a_spanish_script_alone_is_shown_in_spanish(write, ask):
    write("Where do I pay?", question_es="¿Dónde pago?", script_es="Se paga en la ventanilla.")
    first = ask("¿En cuál ventanilla se paga?").hits[0]
    assert (first.heading, first.language) == ("¿Dónde pago?", "es")
    assert first.extract == "Se <mark>paga</mark> en la <mark>ventanilla</mark>."


def test_spanish_words_match_in_any_form(write, ask):
    write(
        "Why was I cut off?", question_es="¿Por qué me cortaron el servicio?", script_es="Se cortó por falta de pago."
    )
    assert ask("me van a cortar los servicios").hits[0].heading == "¿Por qué me cortaron el servicio?"


def test_wording_in_spanish_is_analysed_in_spanish(write, ask):
    write("Where do I take a mattress?", wordings=("dónde dejo los colchones viejos",))
    assert ask("tengo un colchón viejo").hits[0].page.title == "Where do I take a mattress?"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("¿agua?", "es"),
        ("quiero pagar mi recibo", "es"),
        ("como le hago para pagar", "es"),
        ("no water", "en"),
        ("how do I pay my bill", "en"),
        ("I live on Los Angeles street", "en"),
        ("deposit", "en"),
        ("", "en"),
    ],
)
def test_language_is_told_by_small_words_and_marks(words, language):
    assert language_of(words) == language
