"""Figures as tables in Markdown, each engine's set against ours, which is the first."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.bench import GIVE_UP_AFTER

_RELEVANCE = {
    "Success@1": "success_at_1",
    "Success@3": "success_at_3",
    "MRR@10": "mrr_at_10",
    "nDCG@10": "ndcg_at_10",
    "found nothing": "zero_result_rate",
}


def relevance(measured: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Return a table for each set of questions; those with typing errors say what Success@1 they cost."""
    written = []
    plain: Mapping[str, Mapping[str, float]] = {}
    for title, engines in measured.items():
        ours = next(iter(engines.values()))
        is_mistyped = "typing error" in title
        rows = []
        for name, figures in engines.items():
            row = [name, *(f"{figures[key]:.3f}" for key in _RELEVANCE.values())]
            row.append(f"{figures['success_at_1'] / ours['success_at_1']:.2f}")
            if is_mistyped:
                row.append(f"{100 * (plain[name]['success_at_1'] - figures['success_at_1']):.1f}")
            rows.append(row)
        lost = ["points of Success@1 lost"] if is_mistyped else []
        head = ["", *_RELEVANCE, "Success@1 ÷ ours", *lost]
        written.append(table(f"{title} ({ours['queries']:,} questions)", head, rows))
        plain = engines
    return "\n\n".join(written)


def latency(title: str, measured: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table of one library and one kind of question, in milliseconds."""
    ours = next(iter(measured.values()))
    rows = [
        [
            name,
            *(_milliseconds(value) for value in (*figures["cold"], *figures["warm"])),
            f"{figures['warm'][0] / ours['warm'][0]:.2f}",
            f"{figures['warm'][1] / ours['warm'][1]:.2f}",
            f"{figures['asked']:,}",
        ]
        for name, figures in measured.items()
    ]
    head = ["ms", "first p50", "first p95", "warm p50", "warm p95", "p50 ÷ ours", "p95 ÷ ours", "asked"]
    return table(title, head, rows)


def _milliseconds(value: float) -> str:
    return f"> {1000 * GIVE_UP_AFTER:,.0f}" if value > 1000 * GIVE_UP_AFTER else f"{value:,.1f}"


def memory(title: str, figures: Mapping[str, float]) -> str:
    """Return the table of a worker's memory."""
    return table(title, ["", "MB"], [[name, f"{value:,.0f}"] for name, value in figures.items()])


def publishing(title: str, figures: Mapping[str, float]) -> str:
    """Return the table of how long a change takes to be found."""
    names = {
        "publish": "the call that publishes (median)",
        "found": "from its return until another process finds it (median)",
        "both": "both (median)",
        "longest": "both (longest)",
    }
    return table(title, ["", "ms"], [[names[key], f"{1000 * value:,.0f}"] for key, value in figures.items()])


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown under a title."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join([f"**{title}**", "", *(f"| {' | '.join(line)} |" for line in lines)])
