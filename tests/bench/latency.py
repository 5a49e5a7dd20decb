"""How long an answer takes, the first time a process is asked and from then on."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Timer
from typing import Any

from django.db import OperationalError, connection

from tests.bench import GIVE_UP_AFTER, mistyping, portal
from tests.bench.engines import Database, Engine, Fts5, Ours, Tantivy

# Seconds after which a pass over the questions is broken off; what took longer is measured on fewer of them.
MAX_SECONDS = 40.0


def of(kind: str) -> dict[str, dict[str, Any]]:
    """Measure all engines, ours first: "questions" or "suggestions". To be called once in a process."""
    texts = [text for text, _ in portal.questions()]
    if kind == "suggestions":
        texts = mistyping.beginnings(texts)
    engines: list[Engine] = [Ours(portal.reader()), Database()]
    measured = {}
    # Plain engines are made when ours has answered, so that nothing is warm before it is asked.
    while engines:
        engine = engines.pop(0)
        call = engine.suggest if kind == "suggestions" else engine.search
        cold = _pass(call, texts)
        warm = cold if cold[-1] > 1000 * GIVE_UP_AFTER else _pass(call, texts[: len(cold)])
        measured[engine.name] = {"asked": len(warm), "cold": _percentiles(cold), "warm": _percentiles(warm)}
        if isinstance(engine, Database):
            documents = list(portal.documents())
            engines += [Fts5(documents), Tantivy(documents)]
    return measured


def _pass(call: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Return how many milliseconds each call took."""
    times: list[float] = []
    end = time.perf_counter() + MAX_SECONDS
    connection.ensure_connection()
    for text in texts:
        timer = Timer(GIVE_UP_AFTER, connection.connection.interrupt)
        timer.start()
        start = time.perf_counter()
        with suppress(OperationalError):
            call(text)
        times.append(1000 * (time.perf_counter() - start))
        timer.cancel()
        if time.perf_counter() > end:
            break
    return times


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    ordered = sorted(times)
    return ordered[len(ordered) // 2], ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
