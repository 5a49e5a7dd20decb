"""Recording what was published, and telling what was in force."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, Revision, TaskState

from manuals import canonical, dated_texts, sample_values, sections
from manuals.models import (
    AnswerPage,
    ChapterPage,
    Edition,
    EditionedPage,
    EditionKind,
    PolicyPage,
    Section,
    Withdrawal,
)
from manuals.signals import edition_published
from portal.people.models import User
from portal.people.positions import Position

MODELS: dict[str, type[EditionedPage]] = {
    model._meta.label_lower: model for model in (ChapterPage, PolicyPage, AnswerPage)
}
FIRST_EDITION = "First edition."

_dated: ContextVar[date | None] = ContextVar("dated", default=None)


class BackdatingRefused(Exception):
    """An edition would begin before the one before it. The message says which."""


@contextmanager
def effective_from(day: date) -> Iterator[None]:
    """Let what is published inside be in force from a day, also one that has gone by: for bringing in a history."""
    token = _dated.set(day)
    try:
        yield
    finally:
        _dated.reset(token)


@transaction.atomic
def record(revision: Revision, today: date | None = None) -> Edition | None:
    """Write the edition that publishing or scheduling a revision makes, and return it.

    Nothing changed makes none. Editions that were planned and that this publishing takes the place of are withdrawn.
    Sends `edition_published`. Raises `BackdatingRefused`.
    """
    today = today or timezone.localdate()
    model = MODELS[revision.content_type.model_class()._meta.label_lower]
    page_id = int(revision.object_id)
    _lock(page_id)
    known = list(Edition.objects.of(page_id).select_related("withdrawal"))
    standing = [edition for edition in known if not hasattr(edition, "withdrawal")]
    past, planned = _split(standing, today)
    base = max(past, key=lambda one: (one.effective_from, one.sequence), default=None)
    begins = _begins(revision, model, first=not known, today=today)
    if any(one.revision_id == revision.pk and one.effective_from == begins for one in planned):
        return None
    by = _publisher(revision)
    for edition in planned:
        withdraw(edition, "Something else was published in its place.", by, today)
    if base and base.revision_id == revision.pk and begins <= today:
        # What was planned for a day has come.
        dated_texts.came_into_force(base)
        _forget_statements(model, page_id)
        return None
    content = canonical.content_of(model._meta.label_lower, revision.content)
    stated = state(model, revision, base)
    if base and base.content == content and base.requires == stated.requires:
        _forget_statements(model, page_id)
        return None
    if base and begins < base.effective_from:
        raise BackdatingRefused(
            f"Edition {base.number} is in force from {base.effective_from}, and the next cannot begin before it."
        )
    edition = stated
    edition.page_id = page_id
    edition.revision_id = revision.pk
    edition.content = content
    edition.effective_from = begins
    edition.writer, edition.writer_name = revision.user, _name(revision.user)
    edition.approver, edition.approver_name = by, _name(by)
    compare(edition, base)
    _append(edition, known, base)
    dated_texts.supersede(base, edition)
    if not edition.is_future:
        _forget_statements(model, page_id)
    edition_published.send(model, page=model.objects.get(pk=page_id), edition=edition, anchors=edition.touched)
    return edition


@transaction.atomic
def record_repeal(page: Page, by: User | None, today: date | None = None) -> Edition | None:
    """Write that a page was taken down, from today on; planned editions are withdrawn. None if none was in force."""
    today = today or timezone.localdate()
    _lock(page.pk)
    known = list(Edition.objects.of(page.pk).select_related("withdrawal"))
    standing = [edition for edition in known if not hasattr(edition, "withdrawal")]
    past, planned = _split(standing, today)
    for edition in planned:
        withdraw(edition, "The page was taken down.", by, today)
    base = max(past, key=lambda one: (one.effective_from, one.sequence), default=None)
    if base is None or base.is_repeal:
        return None
    edition = Edition(
        page_id=page.pk, page_type=base.page_type, kind=EditionKind.REPEAL, effective_from=today,
        approver=by, approver_name=_name(by), summary="The page was taken down.",
    )  # fmt: skip
    compare(edition, base)
    _append(edition, known, base)
    dated_texts.supersede(base, edition)
    edition_published.send(type(page), page=page, edition=edition, anchors=edition.touched)
    return edition


def withdraw(edition: Edition, reason: str, by: User | None, today: date | None = None) -> Withdrawal:
    """Call off an edition that is planned for a day to come. Raises `ValueError` once that day is there."""
    if edition.effective_from <= (today or timezone.localdate()):
        raise ValueError(f"{edition} is in force since {edition.effective_from}.")
    dated_texts.withdrawn(edition)
    return Withdrawal.objects.create(edition=edition, reason=reason, by=by)


def withdraw_planned(page_id: int, by: User | None) -> None:
    """Call off what is planned for a page, because its schedule was taken away."""
    planned = Edition.objects.of(page_id).standing().filter(effective_from__gt=timezone.localdate())
    for edition in planned:
        withdraw(edition, "The schedule was cancelled.", by)


def as_page(edition: Edition, page: Page | None = None) -> EditionedPage:
    """Return the page as an edition has it, not to be saved: its fields, body and links as they were.

    Its address is that of `page`, the page as it is today, if there is one. Raises `ValueError` for a repeal.
    """
    if edition.is_repeal:
        raise ValueError(f"{edition} took the page down.")
    model = MODELS[edition.page_type]
    values = edition.values
    stored: dict[str, Any] = {
        "pk": edition.page_id,
        "title": values["title"],
        "slug": page.slug if page else "",
    }
    for name in canonical.FIELDS[edition.page_type]:
        if name in canonical.STREAMS:
            stored[name] = json.dumps(values[name])
        elif name == "policy_sections":
            stored[name] = [
                {"pk": None, "sort_order": place, "section": key} for place, key in enumerate(_existing(values[name]))
            ]
        else:
            stored[name] = values[name]
    found: EditionedPage = model.from_serializable_data(stored, check_fks=False)
    found.as_edition = edition
    if page:
        for name in ("path", "depth", "url_path", "locale_id", "live", "owner_id", "content_type_id"):
            setattr(found, name, getattr(page, name))
    return found


def ensure_first(today: date | None = None) -> int:
    """Write the first edition of every published page that has none, and return how many that were."""
    written = 0
    for model in MODELS.values():
        known = Edition.objects.filter(page_type=model._meta.label_lower).values("page_id")
        for page in model.objects.live().exclude(pk__in=known).select_related("live_revision"):
            revision = page.live_revision or page.save_revision(user=page.owner)
            written += record(revision, today) is not None
    return written


def _lock(page_id: int) -> None:
    """Let nobody else write an edition of this page until the transaction ends."""
    Page.objects.select_for_update().filter(pk=page_id).values_list("pk").first()


def _split(standing: list[Edition], today: date) -> tuple[list[Edition], list[Edition]]:
    """Return the editions whose day has come, and those that are planned."""
    past = [edition for edition in standing if edition.effective_from <= today]
    return past, [edition for edition in standing if edition.effective_from > today]


def _begins(revision: Revision, model: type[EditionedPage], *, first: bool, today: date) -> date:
    """Return from which day a revision is in force."""
    given = _dated.get()
    if given:
        return given
    if revision.approved_go_live_at:
        return max(today, timezone.localdate(revision.approved_go_live_at))
    if first and model is PolicyPage:
        # What the portal is told of on its first day was in force before.
        return min(today, date.fromisoformat(str(revision.content["effective_date"])))
    return today


def _publisher(revision: Revision) -> User | None:
    """Return who published: who approved it in review, else who is at work, else who wrote it."""
    task = (
        TaskState.objects.filter(revision=revision, status=TaskState.STATUS_APPROVED).order_by("-finished_at").first()
    )
    return (task and task.finished_by) or get_active_log_context().user or revision.user


def _name(person: User | None) -> str:
    return f"{person} ({person.username})" if person else ""


def _positions(keys: list[int]) -> list[str]:
    names = set(Group.objects.filter(pk__in=keys or []).values_list("name", flat=True))
    return [position.value for position in Position if position.label in names]


def state(model: type[EditionedPage], revision: Revision, base: Edition | None) -> Edition:
    """Return an edition with what its author states about it."""
    content = revision.content
    requires = _positions(content.get("acknowledged_by", []))
    concerned = _positions(content.get("change_concerns", []))
    is_major = base is None or base.is_repeal or content.get("change_kind") == EditionKind.MAJOR
    if is_major:
        asks = [position for position in requires if position in concerned or not concerned]
    else:
        asks = [position for position in requires if base and position not in base.requires]
    summary = content.get("change_summary", "").strip()
    return Edition(
        page_type=model._meta.label_lower,
        kind=EditionKind.MAJOR if is_major else EditionKind.MINOR,
        summary=summary or ("" if base else FIRST_EDITION),
        requires=requires,
        asks=asks,
        within_days=content.get("acknowledge_within") or 0 if requires else 0,
    )


def compare(edition: Edition, base: Edition | None) -> None:
    """Write into an edition which sections and fields are not as they were in the one before."""
    before, now = (base.values if base else {}), edition.values
    old, new = _by_anchor(before), _by_anchor(now)
    edition.changed = [anchor for anchor in new if anchor in old and new[anchor] != old[anchor]]
    edition.added = [anchor for anchor in new if anchor not in old]
    edition.removed = [anchor for anchor in old if anchor not in new]
    names = [name for name in canonical.FIELDS[edition.page_type] if name != "body"]
    edition.fields_changed = [name for name in names if base and before.get(name) != now.get(name)]
    edition.words = 0 if edition.is_repeal else _words(edition, edition.fields_changed if base else names)


def _by_anchor(values: dict[str, Any]) -> dict[str, Any]:
    return {block["id"]: block["value"] for block in values.get("body", [])}


def _words(edition: Edition, fields: list[str]) -> int:
    """Return the words of what is new or changed in an edition."""
    values = edition.values
    texts = [values[name] for name in fields if isinstance(values.get(name), str)]
    if "steps" in fields:
        texts += [step["value"] for step in values["steps"]]
    wanted = {*edition.changed, *edition.added}
    if wanted:
        body = as_page(edition).body
        for block in body:
            if block.id in wanted:
                texts.append(f"{block.value['heading']} {sections.text_of(block)}")
    return sum(sample_values.count_words(text) for text in texts)


def number(edition: Edition, known: list[Edition], base: Edition | None) -> None:
    """Give an edition its place and its number, given all editions of its page and the one it follows."""
    edition.sequence = len(known) + 1
    if edition.kind == EditionKind.MINOR and base:
        edition.major = base.major
        edition.minor = 1 + max(one.minor for one in known if one.major == base.major)
    else:
        edition.major = 1 + max((one.major for one in known), default=0)


def _append(edition: Edition, known: list[Edition], base: Edition | None) -> None:
    """Give an edition its number and its seal, and write it."""
    number(edition, known, base)
    edition.published_at = timezone.now()
    edition.previous_hash = known[-1].hash if known else ""
    edition.hash = canonical.seal(edition)
    edition.save(force_insert=True)


def _forget_statements(model: type[EditionedPage], page_id: int) -> None:
    """Take what the author stated about an edition from the page, lest the next one states it again."""
    model.objects.filter(pk=page_id).update(change_kind="", change_summary="")
    through = model._meta.get_field("change_concerns").remote_field.through
    through.objects.filter(**{f"{model._meta.model_name}_id": page_id}).delete()


def _existing(keys: list[int]) -> list[int]:
    """Return those of the sections' keys that there still are, in order."""
    found = set(Section.objects.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return [key for key in keys if key in found]
