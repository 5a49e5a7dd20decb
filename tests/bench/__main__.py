"""The bench: `python -m tests.bench [COLLECTION]` prints our search beside others, quizzes, editions and
training, as Markdown tables."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench import as_of, editions, quizzes, tables, training

SIZES = (1_000, 10_000)


class Bench:
    """The portals that are measured, each in a folder of its own, all of them thrown away at the end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def part(self, portal: str, *words: str) -> Any:
        """Have a process measure a portal, and return its figures."""
        folder = self._folder / portal
        folder.mkdir(exist_ok=True)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "PORTAL_VAR_DIR": str(folder),
        }
        command = [sys.executable, "-m", "tests.bench.part", *words]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            sys.exit(done.returncode)
        return json.loads(done.stdout.splitlines()[-1])

    def larger(self, answers: int) -> str:
        """Make a portal with so many answers out of the one with the starter library, and return its name."""
        name = str(answers)
        shutil.copytree(self._folder / "starter", self._folder / name)
        self.part(name, "make", name)
        return name


def main(collection: str = "") -> None:
    """Run the whole bench; some thirty minutes."""
    _say(f"{date.today():%d %B %Y}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        bench = Bench(Path(folder))
        if collection:
            _say(tables.relevance(bench.part("collection", "collection", collection)))
        bench.part("starter", "make", "0")
        _say(tables.relevance(bench.part("starter", "golden")))
        for size in SIZES:
            name = bench.larger(size)
            for kind in ("questions", "suggestions"):
                _say(tables.latency(f"{size:,} answers, {kind}", bench.part(name, "latency", kind)))
        _say(tables.memory(f"Memory of a worker, {size:,} answers", bench.part(name, "memory")))
        _say(tables.publishing(f"A published change, {size:,} answers", bench.part(name, "publish")))
        for size in SIZES:
            for table in as_of.measured(bench, str(size), size):
                _say(table)
        for table in quizzes.measured(Path(folder)):
            _say(table)
        for table in editions.measured(Path(folder)):
            _say(table)
        for table in training.measured(Path(folder)):
            _say(table)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
