"""What bodies point at, by the names that files use."""

import posixpath
import re
from functools import cached_property
from typing import Any

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from manuals import tree
from manuals.models import Section

_LINK = re.compile(r"<a\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(id|linktype|to)="([^"]*)"')


class References:
    """Names of policy sections, images, documents and pages, and what they stand for. One query for each kind.

    `used` holds the images and documents whose names were asked for, by name.
    """

    def __init__(self) -> None:
        self.used: dict[str, Any] = {}

    @cached_property
    def _sections(self) -> dict[str, int]:
        found = Section.objects.of_policies().filter(retired=False).select_related("page")
        return {section.reference: section.pk for section in found}

    @cached_property
    def _section_names(self) -> dict[int, str]:
        return {section.pk: section.reference for section in Section.objects.of_policies().select_related("page")}

    @cached_property
    def _images(self) -> dict[str, int]:
        return {posixpath.basename(name): key for key, name in get_image_model().objects.values_list("pk", "file")}

    @cached_property
    def _documents(self) -> dict[str, int]:
        return {posixpath.basename(name): key for key, name in get_document_model().objects.values_list("pk", "file")}

    @cached_property
    def _pages(self) -> dict[str, int]:
        home = tree.home_page()
        pages = Page.objects.descendant_of(home, inclusive=True).values_list("pk", "url_path")
        return {path[len(home.url_path) - 1 :]: key for key, path in pages}

    def section(self, name: str) -> int | None:
        """Return the key of the policy section `policy-slug#anchor`, or None."""
        return self._sections.get(name)

    def section_name(self, key: int) -> str:
        """Return the name of a policy section."""
        return self._section_names[key]

    def image(self, name: str) -> int | None:
        """Return the key of the image with this file name, or None."""
        return self._images.get(name)

    def document(self, name: str) -> int | None:
        """Return the key of the document with this file name, or None."""
        return self._documents.get(name)

    def file_name(self, item: Any) -> str:
        """Return the name of an image's or document's file."""
        name: str = posixpath.basename(item.file.name)
        self.used[name] = item
        return name

    def forget(self) -> None:
        """Look everything up anew, after pages or files were added."""
        for name in ("_sections", "_section_names", "_images", "_documents", "_pages"):
            self.__dict__.pop(name, None)

    def portable(self, html: str) -> str:
        """Return rich text in which links to pages and documents name them (`to`) in place of their key (`id`)."""
        names = {
            "page": {str(key): path for path, key in self._pages.items()},
            "document": {str(key): name for name, key in self._documents.items()},
        }

        def replaced(link: re.Match[str]) -> str:
            attributes = dict(_ATTRIBUTE.findall(link[0]))
            name = names.get(attributes.get("linktype", ""), {}).get(attributes.get("id", ""))
            if name in self._documents and attributes.get("linktype") == "document":
                self.used[name] = get_document_model().objects.get(pk=self._documents[name])
            return link[0] if name is None else link[0].replace(f'id="{attributes["id"]}"', f'to="{name}"')

        return _LINK.sub(replaced, html)

    def local(self, html: str) -> tuple[str, list[str]]:
        """Return rich text with the keys of this site, and the names in it that this site does not have."""
        unknown: list[str] = []

        def replaced(link: re.Match[str]) -> str:
            attributes = dict(_ATTRIBUTE.findall(link[0]))
            name = attributes.get("to")
            if name is None:
                return link[0]
            known = self._pages if attributes.get("linktype") == "page" else self._documents
            if name not in known:
                unknown.append(name)
                return link[0]
            return link[0].replace(f'to="{name}"', f'id="{known[name]}"')

        return _LINK.sub(replaced, html), unknown
