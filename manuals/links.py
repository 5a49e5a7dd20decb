"""Links inside the portal: which a page has, and which of them lead nowhere.

What is looked at: links in Markdown and rich text, policy sections, pictures and documents that were chosen. What is
not: addresses outside the portal, of which nobody here can promise anything.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from manuals import markdown, sample_values
from manuals.models import Section
from manuals.passages import Form, Part, Reference

WAGTAIL_VIEW = "wagtail_serve"
# Addresses on every page of a type that are not sections.
_STANDING_ANCHORS = {"main", "rule", "answers-resting-on-it"}

_ANCHOR = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(href|linktype|id)="([^"]*)"')
_TAG = re.compile(r"<[^>]+>")
_MAY_LINK = re.compile(r"\]\(|\]\[|\]:|<a\b|<http")


@dataclass(frozen=True)
class Link:
    """A link as it was written: its words, where it leads, and the address of the section it stands in.

    `kind` is "address", or "page", "document", "picture" or "section" with a key for `target`.
    """

    words: str
    kind: str
    target: str
    anchor: str = ""


@dataclass(frozen=True)
class Broken:
    """A link that leads nowhere, and what is wrong with it in a sentence."""

    link: Link
    problem: str


class KnownPage(NamedTuple):
    """What must be known of a page to tell whether a link to it holds."""

    title: str
    url_path: str
    live: bool
    routes: bool


class KnownSection(NamedTuple):
    """What must be known of a section."""

    page_id: int
    anchor: str
    heading: str
    retired: bool


def links_in(parts: Iterable[Part]) -> Iterator[Link]:
    """Yield the links among the parts of a page, those that lead outside the portal too."""
    for part in parts:
        if isinstance(part, Reference):
            yield Link("", part.kind, str(part.key), part.anchor)
        elif part.form is Form.HTML:
            yield from _links_of_html(part.text, part.anchor)
        elif part.form in (Form.MARKDOWN, Form.CELL) and _MAY_LINK.search(part.text):
            yield from _links_of_html(str(markdown.render(part.text)), part.anchor)


def _links_of_html(text: str, anchor: str) -> Iterator[Link]:
    for found in _ANCHOR.finditer(text):
        attributes = dict(_ATTRIBUTE.findall(found[1]))
        words = html.unescape(_TAG.sub("", found[2])).strip()
        if attributes.get("linktype") in ("page", "document"):
            yield Link(words, attributes["linktype"], attributes.get("id", ""), anchor)
        elif attributes.get("href"):
            yield Link(words, "address", html.unescape(attributes["href"]), anchor)


class Targets:
    """Everything in the portal that a link may lead to, as it stands now. One query for each kind, when needed."""

    @cached_property
    def pages(self) -> dict[int, KnownPage]:
        """The pages by key."""
        rows = Page.objects.select_related("content_type").only("title", "url_path", "live", "content_type")
        return {page.pk: KnownPage(page.title, page.url_path, page.live, _routes(page)) for page in rows}

    @cached_property
    def sections(self) -> dict[int, KnownSection]:
        """The sections by key, those that are gone from their page too."""
        rows = Section.objects.order_by().values_list("pk", "page_id", "anchor", "heading", "retired")
        return {key: KnownSection(page, anchor, heading, retired) for key, page, anchor, heading, retired in rows}

    @cached_property
    def _by_path(self) -> dict[str, int]:
        return {page.url_path: key for key, page in self.pages.items()}

    @cached_property
    def _by_address(self) -> dict[tuple[int, str], KnownSection]:
        return {(section.page_id, section.anchor): section for section in self.sections.values()}

    @cached_property
    def _with_sections(self) -> set[int]:
        return {section.page_id for section in self.sections.values()}

    @cached_property
    def _documents(self) -> set[str]:
        return {str(key) for key in get_document_model().objects.values_list("pk", flat=True)}

    @cached_property
    def _pictures(self) -> set[str]:
        return {str(key) for key in get_image_model().objects.values_list("pk", flat=True)}

    @cached_property
    def _redirected(self) -> set[str]:
        return {path.rstrip("/") for path in Redirect.objects.values_list("old_path", flat=True)}

    @cached_property
    def _root(self) -> str:
        """What stands before the address of a page in its `url_path`."""
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        return site.root_page.url_path.rstrip("/") if site else ""

    @cached_property
    def _hosts(self) -> set[str]:
        """The names under which the portal is reached."""
        own = {urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc}
        return own | {urlsplit(site.root_url).netloc for site in Site.objects.all()}

    def heading(self, page_id: int, anchor: str) -> str:
        """Return the heading of the section at an address, empty where there is none."""
        section = self._by_address.get((page_id, anchor)) if anchor else None
        return sample_values.plain(section.heading) if section else ""

    def broken(self, page_id: int, found: Iterable[Link]) -> list[Broken]:
        """Return those of the links of a page that lead nowhere."""
        problems = [(link, self.problem(page_id, link)) for link in found]
        return [Broken(link, problem) for link, problem in problems if problem]

    def problem(self, page_id: int, link: Link) -> str:
        """Return what is wrong with a link on a page, in a sentence; nothing if it leads somewhere, or outside."""
        match link.kind:
            case "page":
                key = int(link.target) if link.target.isdigit() else 0
                return self._page_problem(key, "") if key in self.pages else "The page was deleted."
            case "document":
                return "" if link.target in self._documents else "The document was deleted."
            case "picture":
                return "" if link.target in self._pictures else "The picture was deleted."
            case "section":
                return self.lost_section(int(link.target))
            case _:
                return self._address_problem(page_id, link.target)

    def lost_section(self, key: int) -> str:
        """Return why a policy section can no longer be rested on, in a sentence; nothing while it stands."""
        section = self.sections.get(key)
        if section is None:
            return "The policy was deleted."
        page = self.pages[section.page_id]
        if not page.live:
            return f"The policy “{page.title}” is not published."
        return f"“{section.heading}” is no longer in “{page.title}”." if section.retired else ""

    def _address_problem(self, page_id: int, address: str) -> str:
        url = urlsplit(address.strip())
        if url.scheme not in ("", "http", "https") or (url.netloc and url.netloc not in self._hosts):
            return ""
        if not url.netloc and not url.path:
            return self._page_problem(page_id, unquote(url.fragment))
        own = self.pages[page_id].url_path.removeprefix(self._root) if page_id in self.pages else "/"
        path = unquote(urljoin(own, url.path or "/"))
        return self._path_problem(path, unquote(url.fragment))

    def _path_problem(self, path: str, fragment: str) -> str:
        key, rest = self._page_at(path)
        if key is not None and (not rest or self.pages[key].routes):
            return self._page_problem(key, "" if rest else fragment)
        try:
            view = resolve(path if path.endswith("/") or "." in path.rsplit("/", 1)[-1] else f"{path}/")
        except Resolver404:
            view = None
        if view and view.url_name == "wagtaildocs_serve":
            return "" if view.args[0] in self._documents else "The document was deleted."
        if view and view.url_name != WAGTAIL_VIEW:
            return ""
        return "" if path.rstrip("/") in self._redirected else f"There is no page at {path}."

    def _page_at(self, path: str) -> tuple[int | None, str]:
        """Return the key of the page at a path, or of the one that it stands under, and what is left of the path."""
        full, rest = f"{self._root}{path.rstrip('/')}/", ""
        key = self._by_path.get(full)
        if key is None:
            above = re.match(r"(.*?/)((?:editions|acknowledge|print)/.*)$", full)
            full, rest = (above[1], above[2]) if above else (full, "")
            key = self._by_path.get(full)
        return key, rest

    def _page_problem(self, key: int, fragment: str) -> str:
        """Return what is wrong with a link to a page that there is, and to a place on it."""
        page = self.pages[key]
        if not page.live:
            return f"The page “{page.title}” is not published."
        if not fragment or fragment in _STANDING_ANCHORS or key not in self._with_sections:
            return ""
        section = self._by_address.get((key, fragment))
        if section is None:
            return f"There is no section at #{fragment} in “{page.title}”."
        return f"“{section.heading}” is no longer in “{page.title}”." if section.retired else ""


def _routes(page: Page) -> bool:
    """Return whether a page has addresses under its own."""
    model = page.content_type.model_class()
    return model is not None and issubclass(model, RoutablePageMixin)
