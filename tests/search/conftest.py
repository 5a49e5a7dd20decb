"""What the tests of the Whoosh backend share: an index of their own, and processes that write to and search one."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from modelsearch.backends import get_search_backend

from search import answers
from tests.factories import UserFactory, make_answer

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def index_path(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def backend(settings, index_path):
    """The portal's search on Whoosh, with an index that does not exist yet."""
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.backends.whoosh", "PATH": index_path}}
    backend = get_search_backend()
    yield backend
    backend.readers.forget()


@pytest.fixture
def in_index(django_capture_on_commit_callbacks):
    """As a context: what is saved in it is in the index at its end, as after a commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


# What every answer must have, in words that no test asks for.
BARE = {"question_es": "", "short_answer": "Certainly.", "script_en": "Certainly.", "script_es": "", "steps": []}


@pytest.fixture
def write(backend, in_index):
    """A function that publishes an answer which says nothing but its title and what is given, and indexes it."""

    def write_answer(title, wordings=(), **fields):
        with in_index():
            return make_answer(title, wordings=wordings, **{**BARE, **fields})

    return write_answer


@pytest.fixture
def agent(db):
    return UserFactory()


@pytest.fixture
def ask(backend, agent):
    """A function that puts a question to the answer search, as an agent without special rights."""
    return lambda text, **options: answers.find(text, agent, **options)


class Bookshop:
    """A database of books with its index, for processes that share it (see bookshop.py)."""

    def __init__(self, folder: Path, lock_timeout: float = 5.0) -> None:
        self.folder = folder
        self.index = folder / "index"
        self.environment = {
            **os.environ,
            "SEARCH_TEST_DIR": str(folder),
            "SEARCH_TEST_LOCK_TIMEOUT": str(lock_timeout),
        }
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a process that does something, with pipes to talk to it."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.search.bookshop", *words],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def run(self, *words: str) -> Any:
        """Have a process do something, and return what it says."""
        output, errors = self.start(*words).communicate(timeout=60)
        assert output, errors
        return json.loads(output.splitlines()[-1])

    def close(self) -> None:
        """End the processes that are still there."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture(scope="session")
def stocked_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bookshop")
    shop = Bookshop(folder)
    shop.run("stock")
    return folder


@pytest.fixture
def open_bookshop(stocked_folder, tmp_path):
    """A function that opens a shop with eight books, all of them in the index."""
    opened = []

    def open_shop(**options: Any) -> Bookshop:
        folder = tmp_path / "shop"
        shutil.copytree(stocked_folder, folder)
        opened.append(Bookshop(folder, **options))
        return opened[-1]

    yield open_shop
    for shop in opened:
        shop.close()
