"""Sample values: figures a city must replace with its own, written `[[$30.00]]` wherever text is written."""

import re

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

SAMPLE_VALUE = re.compile(r"\[\[([^\[\]\n]+)\]\]")


def plain(text: str) -> str:
    """Return the text as it is read aloud, copied or counted: the figure without its brackets."""
    return SAMPLE_VALUE.sub(r"\1", text)


def marked(text: str) -> SafeString:
    """Return HTML in which each sample value carries its mark. Text that is not safe HTML is escaped first."""
    html = SAMPLE_VALUE.sub(r'<span class="sample-value">\1</span>', str(conditional_escape(text)))
    return mark_safe(html)  # noqa: S308 - escaped above, or safe already


def count_words(text: str) -> int:
    """Return the number of words in plain text, brackets of sample values not counted."""
    return len(plain(text).split())
