"""How search shows in Wagtail's admin. Only wiring."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from search import report_views
from search.models import GoldenQuestion, SynonymGroup


class SynonymViewSet(SnippetViewSet):
    """Words that mean the same, and their editor."""

    model = SynonymGroup
    icon = "list-ul"
    menu_label = "Synonyms"
    list_display = ["__str__"]
    search_fields = ["terms"]


class GoldenQuestionViewSet(SnippetViewSet):
    """Questions whose answer is known, and their editor."""

    model = GoldenQuestion
    icon = "help"
    menu_label = "Golden questions"
    list_display = [
        "question",
        "answer",
        "language",
        Column("last_run", label="The answer came", sort_key="last_place"),
    ]
    list_filter = ["language"]
    search_fields = ["question"]
    list_per_page = 50


class SearchViewSetGroup(SnippetViewSetGroup):
    """What makes search find the right answer."""

    items = (SynonymViewSet, GoldenQuestionViewSet)
    menu_label = "Search words"
    menu_icon = "search"
    menu_order = 500


register_snippet(SearchViewSetGroup)


class SearchReportMenuItem(MenuItem):
    """Shown to those who keep golden questions."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether this person sees it."""
        return report_views.may_see(request.user)


@hooks.register("register_admin_urls")
def register_search_report() -> list[URLPattern]:
    """Put the report under the admin."""
    return [path("reports/search/", report_views.search_report, name="search_report")]


@hooks.register("register_reports_menu_item")
def register_search_report_menu_item() -> MenuItem:
    """Put the report into the reports menu."""
    return SearchReportMenuItem("Answer search", reverse("search_report"), icon_name="search", order=900)
