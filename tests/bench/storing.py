"""Many answers at once into the database of the bench, as published pages; and the index made anew."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page

from manuals import tree
from manuals.models import AnswerPage, Wording

BATCH = 500


@transaction.atomic
def store(answers: Iterable[tuple[AnswerPage, Iterable[str]]]) -> list[int]:
    """Put answers with their other wordings under the answers there are, and return their keys.

    Rows of parent and child are written by themselves, since `bulk_create` refuses models with a parent.
    """
    index = tree.answer_index()
    last = Page.objects.order_by("-pk").values_list("pk", flat=True)[0]
    content_type = ContentType.objects.get_for_model(AnswerPage)
    locale = Locale.get_default()
    pages: list[AnswerPage] = []
    wordings: list[Wording] = []
    for number, (page, texts) in enumerate(answers, start=1):
        page.pk = page.page_ptr_id = page.id = last + number
        page.path = Page._get_path(index.path, index.depth + 1, index.numchild + number)
        page.depth = index.depth + 1
        page.url_path = f"{index.url_path}{page.slug}/"
        page.draft_title, page.content_type, page.locale = page.title, content_type, locale
        page.first_published_at = page.last_published_at = timezone.now()
        pages.append(page)
        wordings += [Wording(answer_id=page.pk, text=text, sort_order=place) for place, text in enumerate(texts)]
    own = [field.attname for field in Page._meta.concrete_fields]
    Page.objects.bulk_create((Page(**{name: getattr(page, name) for name in own}) for page in pages), BATCH)
    for start in range(0, len(pages), BATCH):
        AnswerPage._base_manager._insert(
            pages[start : start + BATCH], fields=AnswerPage._meta.local_concrete_fields, using="default"
        )
    Wording.objects.bulk_create(wordings, BATCH)
    index.numchild += len(pages)
    index.save(update_fields=["numchild"])
    return [page.pk for page in pages]


def update_indexes() -> None:
    """Build every search index of the bench anew."""
    call_command("update_index", verbosity=0)
