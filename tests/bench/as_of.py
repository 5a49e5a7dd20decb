"""What the search as of a day takes beside that of today: `python -m tests.bench.as_of [ANSWERS …]`.

In a library half of whose answers said something else before. Each measurement is a process of its own, so that neither
search finds ready what the other has looked up.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench import tables

if TYPE_CHECKING:
    from tests.bench.__main__ import Bench

# Days ago: since when the answers are in force, as of when is searched, and since when half of them say what they say.
FIRST, DAY, SECOND = 400, 200, 100
SEED = 2026
BATCH = 500
# Passes over the questions once everything was asked; the best of them counts, for others use the machine too.
PASSES = 2


# ---- What `python -m tests.bench` prints


def measured(bench: "Bench", name: str, answers: int) -> Iterator[str]:
    """Give half of the answers of a portal a past, measure, and yield a table for questions and one for suggestions."""
    before = {kind: bench.part(name, "as_of", "today", kind) for kind in ("questions", "suggestions")}
    texts = bench.part(name, "supersede")
    for kind, alone in before.items():
        now, then = (bench.part(name, "as_of", which, kind) for which in ("today", "then"))
        rows = [
            _row("today, nothing said before", alone, now),
            _row("today", now, now),
            _row("as of a day", then, now),
        ]
        head = ["ms", "first p50", "first p95", "warm p50", "warm p95", "warm p50 ÷ today", "warm p95 ÷ today"]
        yield tables.table(f"{answers:,} answers, {texts:,} texts of other days, {kind}", head, rows)


def _row(name: str, figures: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    times = [f"{value:,.1f}" for value in (*figures["cold"], *figures["warm"])]
    return [name, *times, *(f"{own / other:.2f}" for own, other in zip(figures["warm"], ours["warm"], strict=True))]


# ---- The parts


def of(which: str, kind: str) -> dict[str, tuple[float, float]]:
    """Measure our search, "today" or "then", by "questions" or "suggestions". To be called once in a process."""
    from django.utils import timezone

    from search import answers
    from tests.bench import mistyping, portal

    texts = [text for text, _ in portal.questions()]
    is_partial = kind == "suggestions"
    if is_partial:
        texts = mistyping.beginnings(texts)
    on = timezone.localdate() - timedelta(days=DAY) if which == "then" else None
    reader = portal.reader()

    def take(text: str) -> float:
        start = time.perf_counter()
        found = answers.find(text, reader, limit=10 if is_partial else 20, partial=is_partial, on=on)
        assert found.on == on
        return 1000 * (time.perf_counter() - start)

    cold, *warm = ([take(text) for text in texts] for _ in range(1 + PASSES))
    return {"cold": _percentiles(cold), "warm": min(map(_percentiles, warm))}


def _percentiles(times: Iterable[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]


def supersede() -> int:
    """Give every answer a first edition, and half of them a second; return how many texts of other days there are."""
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from manuals import append_only, dated_texts
    from manuals.models import AnswerPage, DatedText, Edition

    today = timezone.localdate()
    rng = random.Random(SEED)
    pages = list(AnswerPage.objects.live().order_by("pk"))
    # The starter library's own editions begin today.
    with connection.cursor() as cursor:
        for name in append_only.triggers():
            cursor.execute(f"DROP TRIGGER {name}")
    DatedText.objects.all().delete()
    Edition.objects.filter(page_id__in=[page.pk for page in pages]).delete()
    append_only.ensure()
    editions: list[Edition] = []
    for page in pages:
        said = _values(page)
        days = [FIRST]
        if rng.random() < 0.5:
            days.append(SECOND)
        for place, days_ago in enumerate(days, start=1):
            last = place == len(days)
            values = (
                said
                if last
                else said | {"short_answer": f"{page.short_answer} So far.", "script_en": _older(page, rng)}
            )
            editions.append(
                Edition(
                    page_id=page.pk,
                    page_type="manuals.answerpage",
                    sequence=place,
                    major=place,
                    kind="major",
                    words=50,
                    fields_changed=["short_answer", "script_en"] if place > 1 else [],
                    effective_from=today - timedelta(days=days_ago),
                    published_at=timezone.now(),
                    content=json.dumps(values),
                )
            )
    Edition.objects.bulk_create(editions, BATCH)
    dated_texts.rebuild_all()
    call_command("update_index", backend_name="default", verbosity=0)
    return DatedText.objects.count()


def _values(page: Any) -> dict[str, Any]:
    names = ("title", "question_es", "short_answer", "short_answer_es", "script_en", "script_es", "refer_to")
    said = {name: getattr(page, name) for name in names}
    return {**said, "steps": list(page.steps.raw_data), "policy_sections": []}


def _older(page: Any, rng: random.Random) -> str:
    """Return the script with its sentences in another order."""
    sentences = page.script_en.split(". ")
    rng.shuffle(sentences)
    return ". ".join(sentences)


def main(*sizes: str) -> None:
    """Print the tables for libraries of these sizes, 1,000 answers unless given."""
    from tests.bench.__main__ import Bench

    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        bench = Bench(Path(folder))
        bench.part("starter", "make", "0")
        for size in map(int, sizes or ("1000",)):
            for table in measured(bench, bench.larger(size), size):
                sys.stdout.write(f"{table}\n\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
