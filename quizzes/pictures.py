"""Pictures of questions: by their names and contents in files, by their keys in the bank."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape, unescape
from typing import Any

from wagtail.images import get_image_model

from manuals.exchange import media
from manuals.exchange.references import References
from portal.people.models import User
from quizzes.formats import rich_text
from quizzes.records import QuestionRecord

_EMBED = re.compile(r"<embed\b([^>]*)/?>(?:</embed>)?")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_IMAGE = re.compile(r'<img alt="([^"]*)" src="([^"]*)"/>')
_PAGE_LINK = re.compile(r'<a\b[^>]*\blinktype="page"[^>]*>')
_HREF = re.compile(r'<a href="(/[^"#?]*)">')


def keys_in(stem: str, item: Mapping[str, Any]) -> set[int]:
    """Return the keys of the images in a question of the bank."""
    found = {int(key) for key in re.findall(r'<embed\b[^>]*\bid="(\d+)"', stem)}
    return found | {option["image"] for option in item.get("options", ()) if option["image"]}


def names_in(record: QuestionRecord) -> set[str]:
    """Return the names of the images that a record shows."""
    found = {unescape(src) for _, src in _IMAGE.findall(record.stem)}
    return found | {option["image"] for option in record.item.get("options", ()) if option["image"]}


def portable_stem(stem: str, names: Mapping[int, str], references: References) -> str:
    """Return a stem of the bank as files have it: images by these names, links to pages by their addresses."""

    def image(found: re.Match[str]) -> str:
        values = dict(_ATTRIBUTE.findall(found[1]))
        name = names.get(int(values["id"])) if values.get("id", "").isdigit() else None
        return "" if name is None else f'<img alt="{values.get("alt", "")}" src="{escape(name)}">'

    def link(found: re.Match[str]) -> str:
        address = dict(_ATTRIBUTE.findall(found[0])).get("to", "")
        return f'<a href="{address}">'

    if "linktype" in stem:
        stem = _PAGE_LINK.sub(link, references.portable(stem))
    return rich_text.normal(_EMBED.sub(image, stem))


def kept_stem(stem: str, keys: Mapping[str, int], references: References) -> str:
    """Return a stem of a file as the bank keeps it: the reverse of `portable_stem`."""

    def image(found: re.Match[str]) -> str:
        key = keys[unescape(found[2])]
        return f'<embed alt="{found[1]}" embedtype="image" format="fullwidth" id="{key}"/>'

    def link(found: re.Match[str]) -> str:
        local, unknown = references.local(f'<a linktype="page" to="{found[1]}">')
        return found[0] if unknown else local

    return _HREF.sub(link, _IMAGE.sub(image, stem))


def with_hashes(record: QuestionRecord) -> QuestionRecord:
    """Return a record in which images are called by what they show, to compare it."""
    hashes = {name: media.hash_of(content) for name, content in record.images.items()}
    stem = _IMAGE.sub(
        lambda found: f'<img alt="{found[1]}" src="{hashes.get(unescape(found[2]), unescape(found[2]))}"/>', record.stem
    )
    return replace(record, stem=stem, item=with_images(record.item, hashes))


def with_images(item: Mapping[str, Any], images: Mapping[Any, Any]) -> Mapping[str, Any]:
    """Return an item whose options show what these images are for theirs; one that is none of these is left out."""
    if "options" not in item:
        return item
    return {**item, "options": [{**option, "image": images.get(option["image"])} for option in item["options"]]}


def save(records: Iterable[QuestionRecord], user: User | None, files: media.SavedFiles) -> dict[str, int]:
    """Bring the images of records into the library, each once, and return their keys by the hash of their contents."""
    contents: dict[str, tuple[str, bytes, str]] = {}
    for record in records:
        described = {unescape(src): unescape(alt) for alt, src in _IMAGE.findall(record.stem)}
        for option in record.item.get("options", ()):
            if option["image"]:
                described.setdefault(option["image"], option.get("image_alt", ""))
        for name in sorted(names_in(record)):
            content = record.images[name]
            contents.setdefault(media.hash_of(content), (name, content, described.get(name, "")))
    model = get_image_model()
    keys = dict(model.objects.filter(file_hash__in=contents).values_list("file_hash", "pk"))
    for digest, (name, content, alt) in contents.items():
        if digest not in keys:
            title = alt or posixpath.splitext(name)[0].replace("-", " ").replace("_", " ")
            image = model(title=title[:255], description=alt[:255], uploaded_by_user=user)
            media.save(image, posixpath.basename(name), content, files)
            keys[digest] = image.pk
    return keys
