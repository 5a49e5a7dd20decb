"""What several processes take: time until a change is found, and memory."""

import re
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from django.core.handlers.wsgi import WSGIHandler
from django.urls import get_resolver

from manuals.models import AnswerPage
from search import answers
from tests.bench import mistyping, portal

CHANGES = 10
# Seconds between two looks of the process that waits for a change.
POLL = 0.002
GIVE_UP_AFTER = 30.0


def publish() -> dict[str, float]:
    """Publish changes here, and have another process look for each; return the medians and the longest, in seconds.

    `publish` is how long the call takes that publishes, `found` the time from its return, `both` from its start.
    """
    watcher = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.part", "watch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert watcher.stdin and watcher.stdout
    watcher.stdout.readline()
    took, found, both = [], [], []
    try:
        for number, page in enumerate(AnswerPage.objects.live().order_by("pk")[:CHANGES]):
            word = f"xylo{chr(97 + number) * 6}graph"
            page.script_en += f"\n\n{word}"
            watcher.stdin.write(f"{word} {page.pk}\n")
            watcher.stdin.flush()
            start = time.monotonic()
            page.save_revision().publish()
            end = time.monotonic()
            seen = float(watcher.stdout.readline())
            took.append(end - start)
            found.append(max(seen - end, 0.0))
            both.append(seen - start)
    finally:
        watcher.stdin.close()
        watcher.wait(GIVE_UP_AFTER)
    return {"publish": median(took), "found": median(found), "both": median(both), "longest": max(both)}


def watch() -> None:
    """Look for each word that is named until it finds the page it is in, and say when that was."""
    reader = portal.reader()
    answers.find("water", reader)
    _say("watching")
    for line in sys.stdin:
        word, key = line.split()
        give_up = time.monotonic() + GIVE_UP_AFTER
        while time.monotonic() < give_up:
            results = answers.find(word, reader)
            if not results.corrections and any(str(hit.page.pk) == key for hit in results.hits):
                break
            time.sleep(POLL)
        _say(str(time.monotonic()))


def memory() -> dict[str, float]:
    """Return the memory of a worker in MB: ready to serve, after its first search, and after many."""
    WSGIHandler()
    assert get_resolver().url_patterns
    reader = portal.reader()
    texts = [text for text, _ in portal.questions()]
    figures = {"ready to serve": _resident()}
    answers.find(texts[0], reader)
    figures["after the first search"] = _resident()
    for text in texts:
        answers.find(text, reader)
    for text in mistyping.beginnings(texts):
        answers.find(text, reader, partial=True)
    figures["after all questions and suggestions"] = _resident()
    return figures


def _resident() -> float:
    [kilobytes] = re.findall(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(kilobytes) / 1024


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
