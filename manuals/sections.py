"""Keeping the record of sections in step with what is published."""

from typing import Any

from django.db import transaction
from modelsearch.backends import get_search_backends_with_name
from wagtail.blocks import StreamValue
from wagtail.models import Page

from manuals import sample_values
from manuals.models import ChapterPage, PolicyPage, Section

SECTIONED = (ChapterPage, PolicyPage)


def text_of(section: StreamValue.StreamChild) -> str:
    """Return what a section says, in plain text without its heading."""
    content = section.value["content"]
    found: list[str] = content.stream_block.get_searchable_content(content)
    return sample_values.plain(" ".join(str(part) for part in found))


@transaction.atomic
def record(page: Page) -> None:
    """Write the sections of a page that has just been published; retire those that are gone.

    Does nothing for a page that has no sections. The same number of queries however many sections there are.
    """
    if not isinstance(page, SECTIONED):
        return
    standing: list[Section] = []
    for order, block in enumerate(page.body):
        text = text_of(block)
        standing.append(
            Section(
                page_id=page.pk,
                anchor=block.id,
                heading=block.value["heading"],
                order=order,
                text=text,
                words=sample_values.count_words(f"{block.value['heading']} {text}"),
                retired=False,
            )
        )
    fields: list[Any] = ["heading", "order", "text", "words", "retired"]
    Section.objects.filter(page_id=page.pk).exclude(anchor__in=[s.anchor for s in standing]).update(retired=True)
    Section.objects.bulk_create(standing, update_conflicts=True, unique_fields=["page", "anchor"], update_fields=fields)
    update_search(page)


def update_search(page: Page) -> None:
    """Have the search index follow the sections of a page: those that stand today are in it, the others are not."""
    sections = list(Section.objects.filter(page_id=page.pk).select_related("page"))
    standing = [section for section in sections if section.page.live and not section.retired]
    for _, backend in get_search_backends_with_name(with_auto_update=True):
        backend.add_bulk(Section, standing)
        for section in sections:
            if section not in standing:
                backend.delete(section)
