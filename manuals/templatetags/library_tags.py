"""How what seniors write is shown."""

import re

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail.blocks import StreamValue

from manuals import markdown, sample_values

register = template.Library()


@register.filter
def asks_questions(body: StreamValue) -> bool:
    """Return whether there is a knowledge check in the body of a chapter or policy."""
    contents = (block["value"]["content"] for block in body.raw_data)
    return any(part["type"] == "knowledge_check" for content in contents for part in content)


@register.filter
def sample(text: str) -> SafeString:
    """Return plain text, or safe HTML, with its sample values marked."""
    return sample_values.marked(text)


@register.filter
def unmarked(text: str) -> str:
    """Return plain text with the brackets of its sample values taken away."""
    return sample_values.plain(text)


@register.filter
def inline_markdown(text: str) -> SafeString:
    """Return one line of Markdown as clean HTML."""
    return markdown.render_inline(text)


@register.filter
def spoken(text: str) -> SafeString:
    """Return a script as paragraphs, one for each run of lines between empty ones, sample values marked."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip().replace("\r\n", "\n"))]
    return format_html_join("\n", "<p>{}</p>", ((sample_values.marked(part),) for part in paragraphs if part))
