"""The canonical form in which an edition is sealed.

**Content.** Of what a revision of a page holds, the fields in `FIELDS` of its type, as JSON: keys in alphabetical
order, no spaces, characters as themselves, UTF-8. A stream field is its list of blocks; the ids of blocks inside a
section are left out, for they say nothing, the id of a section stays, for it is its address. A line ends in a line feed
alone. A policy section that an answer rests on is its primary key.

**Seal.** SHA-256, in hexadecimal, of the JSON (in the same form) of what `sealed` returns: the content, everything else
that an edition states about itself, and the seal of the edition before it.
"""

import hashlib
import json
from typing import Any

from django.utils import timezone

from manuals.models.edition import Edition

_BOOKS = ["title", "summary", "body"]
FIELDS: dict[str, list[str]] = {
    "manuals.chapterpage": _BOOKS,
    "manuals.policypage": [
        *("title", "code", "rule", "source", "source_url", "effective_date", "who_decides"),
        "body",
    ],
    "manuals.answerpage": [
        *("title", "question_es", "short_answer", "short_answer_es", "script_en", "script_es"),
        *("steps", "refer_to", "policy_sections"),
    ],
}
STREAMS = {"body", "steps"}


def dump(value: Any) -> str:
    """Return a value as canonical JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_of(page_type: str, stored: dict[str, Any]) -> str:
    """Return the content of a page, given what a revision stores of it (`Revision.content`)."""
    values: dict[str, Any] = {}
    for name in FIELDS[page_type]:
        value = stored.get(name)
        if name in STREAMS:
            blocks = json.loads(value) if isinstance(value, str) else value or []
            values[name] = [_section(block) if name == "body" else _without_ids(block) for block in blocks]
        elif name == "policy_sections":
            links = sorted(value or [], key=lambda link: link.get("sort_order") or 0)
            values[name] = [link["section"] for link in links]
        else:
            values[name] = "" if value is None else _text(str(value))
    return dump(values)


def _section(block: dict[str, Any]) -> dict[str, Any]:
    return {**_without_ids(block), "id": block.get("id")}


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_ids(item) for item in value]
    if isinstance(value, dict):
        is_block = "type" in value and "value" in value
        return {key: _without_ids(item) for key, item in value.items() if not (is_block and key == "id")}
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    """Return a text with its lines ended as files end them: a browser that sends it back ends them otherwise."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


def sealed(edition: Edition) -> dict[str, Any]:
    """Return all that the seal of an edition covers."""
    return {
        "page": edition.page_id,
        "page_type": edition.page_type,
        "sequence": edition.sequence,
        "number": edition.number,
        "kind": edition.kind,
        "summary": edition.summary,
        "changed": edition.changed,
        "added": edition.added,
        "removed": edition.removed,
        "fields_changed": edition.fields_changed,
        "words": edition.words,
        "effective_from": edition.effective_from.isoformat(),
        "published_at": edition.published_at.astimezone(timezone.get_fixed_timezone(0)).isoformat(),
        "revision": edition.revision_id,
        "writer": edition.writer_name,
        "approver": edition.approver_name,
        "requires": edition.requires,
        "asks": edition.asks,
        "within_days": edition.within_days,
        "content": edition.content,
        "previous": edition.previous_hash,
    }


def seal(edition: Edition) -> str:
    """Return the SHA-256 of an edition, in hexadecimal."""
    return hashlib.sha256(dump(sealed(edition)).encode()).hexdigest()
