"""The portal the bench runs on: set up in the folder PORTAL_VAR_DIR names, and asked the starter library's questions."""

from collections.abc import Iterable

import yaml
from django.core.management import call_command

from manuals import setup
from manuals.models import AnswerPage
from portal.people.models import User
from portal.starter.loading import SEARCH
from portal.starter.preparing import prepare
from tests.bench import growing, storing
from tests.bench.engines import Document


def make(answers: int = 0) -> None:
    """Set up a portal with the starter library, made larger to so many answers, and with all search indexes."""
    prepare(lambda line: None)
    missing = answers - AnswerPage.objects.count()
    if missing > 0:
        storing.store(growing.more_answers(missing))
        storing.update_indexes()


def make_empty() -> None:
    """Set up a portal without any answer."""
    call_command("migrate", interactive=False, verbosity=0)
    setup.ensure()


def reader() -> User:
    """Return somebody who searches: the newest of the demonstration people."""
    return User.objects.get(username="csr1")


def questions() -> list[tuple[str, str]]:
    """Return the golden questions, each with the key of the answer that should come first."""
    keys = {slug: str(key) for slug, key in AnswerPage.objects.values_list("slug", "pk")}
    rows = yaml.safe_load((SEARCH / "golden_questions.yaml").read_text("utf-8"))
    return [(row["question"], keys[row["answer"]]) for row in rows]


def documents() -> Iterable[Document]:
    """Return all answers as plain engines know them."""
    pages = list(AnswerPage.objects.live().order_by("pk"))
    wordings = growing.wordings_of(pages)
    for page in pages:
        yield Document(str(page.pk), page.title, "\n".join(wordings[page.pk]), growing.written(page))
