"""What sections and answers say on other days than today, for the search as of a day.

What was said is written when something else takes its place, what will be said when it is planned. A new title of a
page counts as a change of each of its sections, since they are found and shown under it. How callers put a question
besides is no part of an edition: what was said is found by the wordings that are known today.

Nothing here grows with what did not change: of a long chapter only the sections that an edition touches are read.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from modelsearch.backends import get_search_backends_with_name
from wagtail.models import Page

from manuals import sample_values, sections
from manuals.blocks import BodyBlock
from manuals.models import AnswerPage, DatedText, Edition, Section, Wording

ANSWER = AnswerPage._meta.label_lower
# Pages that are rebuilt in one transaction, and so written to the search index together.
BATCH = 500
# The place of an answer, which has no sections, among the addresses of a page.
WHOLE = ""


def supersede(before: Edition | None, edition: Edition) -> None:
    """Keep what an edition takes the place of; of one that is planned, what it will say."""
    if edition.is_future:
        _write(_planned(edition, _wordings(edition)))
        return
    if before and _never_came(before):
        came_into_force(before)
    _take_the_place(before, edition)


def came_into_force(edition: Edition) -> None:
    """Move what an edition says from a day to come to today. Doing so twice does no more than once."""
    withdrawn(edition)
    earlier = _standing(edition.page_id).filter(sequence__lt=edition.sequence)
    _take_the_place(earlier.last(), edition)


def withdrawn(edition: Edition) -> None:
    """Forget what an edition would have said."""
    DatedText.objects.planned().filter(edition=edition).delete()


def follow_wordings(page: Page) -> None:
    """Have what an answer said before be found by the wordings that it has now (one query if they are the same)."""
    if not isinstance(page, AnswerPage):
        return
    known = list(DatedText.objects.filter(page_id=page.pk))
    wordings = [wording.text for wording in page.also_asked_as.all()] if known else []
    changed = []
    for row in known:
        questions = _questions(row.heading, row.heading_es, wordings)
        if row.questions != questions:
            row.questions = questions
            changed.append(row)
    if changed:
        DatedText.objects.bulk_update(changed, ["questions"])
        _index(DatedText, changed)


@transaction.atomic
def rebuild(page_id: int) -> int:
    """Make all rows of a page anew from its editions, and return how many there are. Its sections learn their day."""
    editions = list(_standing(page_id))
    wordings = _wordings(editions[0]) if editions else []
    DatedText.objects.filter(page_id=page_id).delete()
    today = timezone.localdate()
    past = [edition for edition in editions if edition.effective_from <= today]
    rows: list[DatedText] = []
    for place, (before, edition) in enumerate(pairwise(past), start=1):
        rows += _ended(before, edition, past[:place], wordings)
    for edition in editions[len(past) :]:
        rows += _planned(edition, wordings)
    _write(rows)
    if past and not past[-1].is_repeal:
        standing = list(Section.objects.filter(page_id=page_id, retired=False))
        begun = _begun({section.anchor for section in standing}, past)
        for section in standing:
            section.since = begun[section.anchor]
        Section.objects.bulk_update(standing, ["since"])
        _index_page(past[-1], list(begun))
    return len(rows)


def rebuild_all() -> int:
    """Make the rows of every page anew, and return how many there are."""
    keys = list(Edition.objects.order_by("page_id").values_list("page_id", flat=True).distinct())
    written = 0
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            written += sum(rebuild(key) for key in keys[start : start + BATCH])
    return written


def says_anew(edition: Edition) -> bool:
    """Return whether an edition says something else than the one before, and not just to whom it is to be known."""
    named = (edition.fields_changed, edition.changed, edition.added, edition.removed)
    return edition.is_repeal or any(named) or edition.words > 0


# ---- What changes from one edition to the next


def _standing(page_id: int) -> models.QuerySet[Edition]:
    """Return the editions of a page that were not withdrawn, in the order in which they are in force."""
    return Edition.objects.of(page_id).standing().order_by("effective_from", "sequence")


def _never_came(edition: Edition) -> bool:
    """Return whether the day of a planned edition has come without its being published."""
    if timezone.localdate(edition.published_at) >= edition.effective_from:
        return False
    return not DatedText.objects.filter(page_id=edition.page_id, until=edition.effective_from).exists()


def _take_the_place(before: Edition | None, edition: Edition) -> None:
    """Write until when the texts stood that an edition takes the place of, and since when its own do."""
    page_id, since = edition.page_id, edition.effective_from
    is_known = before and DatedText.objects.filter(page_id=page_id, edition=before, until=since).exists()
    if before and not is_known and not before.is_repeal:
        light = _standing(page_id).filter(sequence__lte=before.sequence).defer("content")
        _write(_ended(before, edition, list(light), _wordings(edition)))
    comes = _comes(edition)
    Section.objects.filter(page_id=page_id, anchor__in=comes).update(since=since)
    _index_page(edition, comes)


def _is_renamed(edition: Edition) -> bool:
    return "title" in edition.fields_changed


def _anchors(edition: Edition) -> list[str]:
    """Return the addresses of all sections of an edition."""
    return [block["id"] for block in edition.values.get("body", [])]


def _comes(edition: Edition) -> list[str]:
    """Return the addresses at which an edition says something anew."""
    if edition.page_type == ANSWER:
        return [WHOLE] if says_anew(edition) else []
    return _anchors(edition) if _is_renamed(edition) else [*edition.changed, *edition.added]


def _ended(before: Edition, edition: Edition, earlier: Sequence[Edition], wordings: Sequence[str]) -> list[DatedText]:
    """Return what was said until an edition: the texts of the one before that it touches. `earlier` ends with that."""
    if before.is_repeal:
        return []
    if before.page_type == ANSWER:
        ends = [WHOLE] if says_anew(edition) else []
    elif edition.is_repeal or _is_renamed(edition):
        ends = _anchors(before)
    else:
        ends = [*edition.changed, *edition.removed]
    since = _begun(ends, earlier)
    until = edition.effective_from
    rows = _rows(before, [anchor for anchor in ends if since[anchor] < until], wordings)
    for row in rows:
        row.since, row.until = since[row.anchor], until
    return rows


def _begun(anchors: Collection[str], editions: Sequence[Edition]) -> dict[str, date]:
    """Return since when what the last of some editions says at each address is said."""
    found = dict.fromkeys(anchors, editions[0].effective_from)
    left = set(anchors)
    for edition in reversed(editions):
        if not left:
            break
        if _is_renamed(edition):
            now = set(left)
        else:
            now = left & {*edition.changed, *edition.added, *([WHOLE] if says_anew(edition) else [])}
        found.update(dict.fromkeys(now, edition.effective_from))
        left -= now
    return found


def _planned(edition: Edition, wordings: Sequence[str]) -> list[DatedText]:
    """Return what a planned edition will say anew."""
    rows = _rows(edition, _comes(edition), wordings)
    for row in rows:
        row.since = edition.effective_from
    return rows


# ---- What an edition says


def _rows(edition: Edition, anchors: Collection[str], wordings: Sequence[str]) -> list[DatedText]:
    """Return what an edition says at some addresses, in rows that lack their days."""
    if not anchors:
        return []
    values = edition.values
    if edition.page_type == ANSWER:
        return [_answer(edition, values, wordings)]
    wanted = set(anchors)
    body = BodyBlock().to_python([block for block in values["body"] if block["id"] in wanted])
    return [
        DatedText(
            page_id=edition.page_id,
            edition=edition,
            anchor=block.id,
            title=values["title"],
            heading=block.value["heading"],
            text=sections.text_of(block),
        )
        for block in body
    ]


def _answer(edition: Edition, values: dict[str, Any], wordings: Sequence[str]) -> DatedText:
    said = [values["script_en"], *(step["value"] for step in values["steps"])]
    return DatedText(
        page_id=edition.page_id,
        edition=edition,
        title=values["title"],
        heading=values["title"],
        heading_es=values["question_es"],
        short=values["short_answer"],
        short_es=values["short_answer_es"],
        text=sample_values.plain("\n\n".join(said)),
        text_es=values["script_es"],
        questions=_questions(values["title"], values["question_es"], wordings),
    )


def _questions(title: str, question_es: str, wordings: Iterable[str]) -> list[str]:
    return [text for text in (title, question_es) if text] + list(wordings)


def _wordings(edition: Edition) -> list[str]:
    """Return the other wordings of an answer's question; of a deleted answer, those that its rows have."""
    if edition.page_type != ANSWER:
        return []
    if AnswerPage.objects.filter(pk=edition.page_id).exists():
        found = Wording.objects.filter(answer_id=edition.page_id).order_by("sort_order")
        return list(found.values_list("text", flat=True))
    row = DatedText.objects.filter(page_id=edition.page_id, anchor=WHOLE).last()
    return row.asked_as_en() if row else []


# ---- Into the database and the index


def _write(rows: Sequence[DatedText]) -> None:
    _index(DatedText, DatedText.objects.bulk_create(rows))


def _index_page(edition: Edition, anchors: Collection[str]) -> None:
    """Have the search index know since when an answer, or the sections of a page, say what they say."""
    if edition.page_type == ANSWER:
        _index(AnswerPage, list(AnswerPage.objects.live().filter(pk=edition.page_id)))
    elif anchors:
        standing = Section.objects.current().filter(page_id=edition.page_id, anchor__in=anchors)
        _index(Section, list(standing.select_related("page")))


def _index(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    if rows:
        for _, backend in get_search_backends_with_name(with_auto_update=True):
            backend.add_bulk(model, rows)
