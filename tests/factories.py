"""People and pages for tests, made the way the portal makes them."""

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from manuals import tree
from manuals.models import AnswerPage, AnswerPolicySection, ChapterPage, ManualPage, PolicyPage, Section, Wording
from portal.people.models import User
from portal.people.positions import Position

PASSWORD = "counter-window-4"


class UserFactory(DjangoModelFactory):
    """A person who can sign in with `PASSWORD`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = "Jordan"
    last_name = factory.Sequence(lambda n: f"Avery{n}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@city.example")
    position = Position.CSR_1
    password = factory.django.Password(PASSWORD)


def section(anchor: str, heading: str, *blocks: tuple[str, Any]) -> dict[str, Any]:
    """Return the raw data of one section; without blocks it holds a sentence of Markdown."""
    content = [
        {"type": kind, "value": value, "id": f"{anchor}-{place}"}
        for place, (kind, value) in enumerate(blocks or [("markdown", "Count the drawer twice.")])
    ]
    return {"type": "section", "id": anchor, "value": {"heading": heading, "content": content}}


def publish(page: Any) -> Any:
    """Publish a page as the editor does, and return it as readers get it."""
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def make_manual(title: str = "Taking payments", **fields: Any) -> ManualPage:
    """Return a published manual without chapters."""
    manual = ManualPage(title=title, introduction="How to take a payment.", **fields)
    tree.manual_index().add_child(instance=manual)
    return publish(manual)


def make_chapter(manual: ManualPage, title: str = "Opening the drawer", body: Any = None, **fields: Any) -> ChapterPage:
    """Return a published chapter, with one section unless a body is given."""
    values = {"summary": "You can open a drawer.", "body": body or [section("count", "Count the drawer")], **fields}
    chapter = ChapterPage(title=title, **values)
    manual.add_child(instance=chapter)
    return publish(chapter)


def make_policy(title: str = "Customer deposits", code: str = "CS-101", body: Any = None, **fields: Any) -> PolicyPage:
    """Return a published policy, with one section unless a body is given."""
    values = {
        "rule": "New customers pay a deposit of [[$150.00]].",
        "source": "Sample City Code, Section 58-41",
        "effective_date": date(2026, 1, 1),
        "who_decides": "A Supervisor.",
        "body": body or [section("amount", "Amount of the deposit")],
        **fields,
    }
    policy = PolicyPage(title=title, code=code, **values)
    tree.policy_index().add_child(instance=policy)
    return publish(policy)


def make_answer(
    title: str = "Do I have to pay a deposit?",
    wordings: tuple[str, ...] = (),
    sections: tuple[Section, ...] = (),
    **fields: Any,
) -> AnswerPage:
    """Return a published answer, with other wordings and the policy sections it rests on."""
    values = {
        "question_es": "¿Tengo que pagar un depósito?",
        "short_answer": "Yes, most new customers pay [[$150.00]].",
        "script_en": "Most new customers pay a deposit.\n\nIt comes back after a year.",
        "script_es": "La mayoría de los clientes nuevos paga un depósito.",
        "steps": [{"type": "step", "value": "Verify the caller.", "id": "verify"}],
        **fields,
    }
    answer = AnswerPage(title=title, **values)
    answer.also_asked_as = [Wording(text=text) for text in wordings]
    answer.policy_sections = [AnswerPolicySection(section=found) for found in sections]
    tree.answer_index().add_child(instance=answer)
    return publish(answer)
