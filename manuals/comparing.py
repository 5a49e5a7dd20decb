"""Two editions of a page compared: what is not the same, and how it reads with the changes marked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.dateformat import format as formatted
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page

from manuals import canonical, difference_passages, html_difference, markdown, sample_values
from manuals.blocks import BodyBlock
from manuals.editions import MODELS, as_page
from manuals.models import AnswerPage, Edition, Section
from manuals.templatetags.library_tags import spoken

State = Literal["changed", "added", "removed", "unchanged"]
STATE_LABELS: dict[State, str] = {
    "changed": "Changed section",
    "added": "Added section",
    "removed": "Removed section",
    "unchanged": "Unchanged section",
}
_SPANISH = ("question_es", "short_answer_es", "script_es")


@dataclass(frozen=True)
class FieldChange:
    """A field that is not the same: its name, its label, and both versions as one with `<ins>` and `<del>`."""

    name: str
    label: str
    html: SafeString

    @property
    def language(self) -> str:
        """The language it is written in."""
        return "es" if self.name in _SPANISH else "en"


@dataclass(frozen=True)
class SectionChange:
    """A section of either edition, with what became of it. `html` is both versions as one; None if nothing changed."""

    anchor: str
    heading: str
    state: State
    html: SafeString | None

    @property
    def label(self) -> str:
        """What became of it, in words."""
        return STATE_LABELS[self.state]

    @property
    def is_wordless(self) -> bool:
        """Whether it changed in something that is not shown here: a link's target, a knowledge check."""
        return self.html is not None and "<ins" not in self.html and "<del" not in self.html

    @cached_property
    def passages(self) -> list[SafeString]:
        """What changed, with a few words around each; of a section that is new or gone all but its heading."""
        found = difference_passages.passages(self.html or "")
        return found if self.state == "changed" else found[1:]


@dataclass(frozen=True)
class Comparison:
    """What is not the same in two editions. `answer` is the answer in its own layout, None for other pages."""

    before: Edition | None
    after: Edition
    fields: list[FieldChange]
    sections: list[SectionChange]
    is_reordered: bool = False
    answer: SafeString | None = None

    @property
    def changed_sections(self) -> list[SectionChange]:
        """The sections that are new, gone or say something else."""
        return [section for section in self.sections if section.state != "unchanged"]

    @property
    def unchanged_sections(self) -> list[SectionChange]:
        """The sections that are the same."""
        return [section for section in self.sections if section.state == "unchanged"]

    @property
    def is_empty(self) -> bool:
        """Whether both say the same in the same order."""
        return not (self.fields or self.changed_sections or self.is_reordered)


def compare(
    before: Edition | None, after: Edition, page: Page | None = None, anchors: Collection[str] | None = None
) -> Comparison:
    """Return how an edition differs from an earlier one; from nothing, if there is none before.

    `page` is the page as it is today, where there is one, and `anchors` the addresses of the sections to look at. Only
    sections that changed are rendered; the number of queries does not grow with them.
    """
    was, now = (before.values if before else {}), after.values
    old, new = _by_anchor(was, anchors), _by_anchor(now, anchors)
    common = [anchor for anchor in new if anchor in old]
    fields = _fields(was, now, after.page_type)
    return Comparison(
        before=before,
        after=after,
        fields=fields,
        sections=_sections(old, new, page),
        is_reordered=common != [anchor for anchor in old if anchor in new],
        answer=_answer(before, after, page) if fields and MODELS[after.page_type] is AnswerPage else None,
    )


def compare_sections(before: Mapping[str, Edition | None], after: Edition, page: Page) -> list[SectionChange]:
    """Return how sections of an edition differ from what they were, each in the edition given by its address, or None.

    All of them are rendered at once, in however many editions they were.
    """
    old: dict[str, Any] = {}
    for edition in {one.pk: one for one in before.values() if one}.values():
        old |= _by_anchor(edition.values, [anchor for anchor, one in before.items() if one and one.pk == edition.pk])
    return _sections(old, _by_anchor(after.values, before.keys()), page)


# ---- Sections


def _by_anchor(values: dict[str, Any], anchors: Collection[str] | None) -> dict[str, Any]:
    blocks = values.get("body", [])
    return {block["id"]: block for block in blocks if anchors is None or block["id"] in anchors}


def _sections(old: dict[str, Any], new: dict[str, Any], page: Page | None) -> list[SectionChange]:
    states: dict[str, State] = {}
    for anchor in _in_order(list(old), list(new)):
        if anchor not in old:
            states[anchor] = "added"
        elif anchor not in new:
            states[anchor] = "removed"
        else:
            states[anchor] = "unchanged" if old[anchor]["value"] == new[anchor]["value"] else "changed"
    before = _rendered([old[anchor] for anchor, state in states.items() if state in ("changed", "removed")], page)
    after = _rendered([new[anchor] for anchor, state in states.items() if state in ("changed", "added")], page)
    found = []
    for anchor, state in states.items():
        heading = sample_values.plain((new.get(anchor) or old[anchor])["value"]["heading"])
        html = None if state == "unchanged" else _versions(before.get(anchor, ""), after.get(anchor, ""))
        found.append(SectionChange(anchor, heading, state, html))
    return found


def _in_order(old: list[str], new: list[str]) -> list[str]:
    """Return all addresses in the order of the new edition, each that is gone after the one it stood behind."""
    order = list(new)
    for place, anchor in enumerate(old):
        if anchor not in order:
            order.insert(order.index(old[place - 1]) + 1 if place else 0, anchor)
    return order


def _rendered(blocks: list[dict[str, Any]], page: Page | None) -> dict[str, str]:
    """Return sections as the page shows them, on paper: without what can only be done on a screen."""
    context = {"page": page, "is_on_paper": True}
    return {section.id: section.render(dict(context)) for section in BodyBlock().to_python(blocks)}


def _versions(before: str, after: str) -> SafeString:
    if not before:
        return html_difference.added(after)
    if not after:
        return html_difference.removed(before)
    return html_difference.difference(before, after)


# ---- Fields


def _fields(was: dict[str, Any], now: dict[str, Any], page_type: str) -> list[FieldChange]:
    names = [name for name in canonical.FIELDS[page_type] if name != "body"]
    changed = [name for name in names if (was.get(name) or None) != (now.get(name) or None)]
    keys = {key for values in (was, now) for key in values.get("policy_sections", [])}
    sections = Section.objects.select_related("page").in_bulk(keys) if "policy_sections" in changed and keys else {}
    return [
        FieldChange(
            name,
            label_of(name, page_type),
            _versions(_shown(name, was.get(name), sections), _shown(name, now.get(name), sections)),
        )
        for name in changed
    ]


def label_of(name: str, page_type: str) -> str:
    """Return what people call a field of a page."""
    model = MODELS[page_type]
    if name == "title" and model is AnswerPage:
        return "Question"
    field = model._meta.get_field(name)
    label = str(getattr(field, "verbose_name", name.replace("_", " ")))
    return label[:1].upper() + label[1:]


def _shown(name: str, value: Any, sections: dict[int, Section]) -> str:
    """Return a field as HTML, in the form in which pages show it."""
    if not value:
        return ""
    if name == "steps":
        steps = format_html_join("", "<li>{}</li>", ((markdown.render_inline(step["value"]),) for step in value))
        return format_html('<ol class="steps">{}</ol>', steps)
    if name == "policy_sections":
        rows = (
            (sections[key].page.title, sample_values.plain(sections[key].heading)) for key in value if key in sections
        )
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", rows))
    if name.startswith("script_"):
        return spoken(value)
    if name == "effective_date":
        return escape(formatted(date.fromisoformat(value), "F j, Y"))
    return sample_values.marked(value)


# ---- An answer in its own layout


def _answer(before: Edition | None, after: Edition, page: Page | None) -> SafeString:
    return _versions(_answer_body(before, page), _answer_body(after, page))


def _answer_body(edition: Edition | None, page: Page | None) -> str:
    if edition is None or edition.is_repeal:
        return ""
    answer = as_page(edition, page)
    if not isinstance(answer, AnswerPage):
        raise TypeError(f"{edition} is not of an answer.")
    # Nobody in particular reads it: both languages are shown.
    request = HttpRequest()
    request.user = AnonymousUser()
    body = render_to_string("manuals/answer_body.html", {"answer": answer, **answer.spoken(request)})
    return mark_safe(body)  # noqa: S308 - a template's
