"""The few words of a hit that show why it was found."""

from collections.abc import Callable, Iterable

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from manuals import sample_values
from search.backends.whoosh import analysis

# Words shown of a longer text: an answer that is made to be read out is never cut.
LENGTH = 45
WHOLE = 70
# Words shown before the first that matches.
LEAD = 8

IsMatch = Callable[[str], bool]


def extract(text: str, is_match: IsMatch, length: int = LENGTH) -> SafeString:
    """Return the part of a plain text, so many words long, in which the most match, as HTML with them in `<mark>`."""
    text = sample_values.plain(" ".join(text.split()))
    places = [(match.start(), match.end()) for match in analysis.WORD.finditer(text)]
    matches = [number for number, (start, end) in enumerate(places) if is_match(text[start:end])]
    first = _best_start(matches, len(places), length)
    last = min(first + length, len(places)) - 1
    if not places:
        return mark_safe(conditional_escape(text))  # noqa: S308 - escaped
    start = 0 if first == 0 else places[first][0]
    end = len(text) if last == len(places) - 1 else places[last][1]
    marked = [places[number] for number in matches if first <= number <= last]
    html = _marked(text, start, end, marked)
    return mark_safe(f"{'… ' if start else ''}{html}{' …' if end < len(text) else ''}")  # noqa: S308 - escaped


def _best_start(matches: list[int], words: int, length: int) -> int:
    """Return the number of the word from which on the most matches are within reach."""
    if words <= length or not matches:
        return 0
    best = max(matches, key=lambda start: (sum(start <= number < start + length - LEAD for number in matches), -start))
    return max(0, min(best - LEAD, words - length))


def _marked(text: str, start: int, end: int, marked: Iterable[tuple[int, int]]) -> str:
    """Return a stretch of text, escaped, with stretches of it marked."""
    parts = []
    for begin, finish in marked:
        parts += [conditional_escape(text[start:begin]), f"<mark>{conditional_escape(text[begin:finish])}</mark>"]
        start = finish
    return "".join([*parts, conditional_escape(text[start:end])])
