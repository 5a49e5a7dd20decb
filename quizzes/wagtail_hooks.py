"""How quizzes show in Wagtail's admin. Only wiring."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from quizzes import import_views, importing, permissions, regrade_views, statistics_views
from quizzes.bulk_actions import BringBackAction, RetireAction, TagAction
from quizzes.models import Question
from quizzes.viewsets import QuizzesViewSetGroup

register_snippet(QuizzesViewSetGroup)

for action in (TagAction, RetireAction, BringBackAction):
    hooks.register("register_bulk_action", action)


@hooks.register("register_admin_urls")
def register_regrade() -> list[URLPattern]:
    """Put marking again under the admin."""
    return [path("questions/<uuid:pk>/mark-again/", regrade_views.regrade, name="quiz_regrade")]


@hooks.register("register_admin_urls")
def register_question_files() -> list[URLPattern]:
    """Put question files under the admin."""
    return [
        path("import-questions/", import_views.import_questions, name="import_questions"),
        path("export-questions/", import_views.export_questions, name="export_questions"),
    ]


class ImportQuestionsMenuItem(MenuItem):
    """Shown to those who may bring in questions."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether this person sees it."""
        return importing.may_import(request.user)


class ExportQuestionsMenuItem(MenuItem):
    """Shown to those who see the bank."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether this person sees it."""
        return import_views.may_export(request.user)


@hooks.register("register_settings_menu_item")
def register_import_questions_menu_item() -> MenuItem:
    """Put the import of questions into the settings menu."""
    return ImportQuestionsMenuItem("Import questions", reverse("import_questions"), icon_name="upload", order=630)


@hooks.register("register_settings_menu_item")
def register_export_questions_menu_item() -> MenuItem:
    """Put the export of questions into the settings menu."""
    return ExportQuestionsMenuItem("Export questions", reverse("export_questions"), icon_name="download", order=640)


@hooks.register("register_snippet_listing_buttons")
def add_regrade_button(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """Offer marking again beside each question that a key can mark."""
    if not isinstance(snippet, Question) or not snippet.live or not permissions.may_regrade(user):
        return
    if not snippet.kind.is_marked_by_person:
        yield Button("Mark again", reverse("quiz_regrade", args=[snippet.pk]), icon_name="rotate", priority=60)


class MarkingMenuItem(MenuItem):
    """Shown to those who mark."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether this person sees it."""
        return permissions.may_mark(request.user)


@hooks.register("register_reports_menu_item")
def register_marking_menu_item() -> MenuItem:
    """Put the marking queue into the reports menu."""
    return MarkingMenuItem("Answers to mark", reverse("quizzes:marking"), icon_name="edit", order=910)


@hooks.register("register_admin_urls")
def register_statistics() -> list[URLPattern]:
    """Put the statistics under the admin."""
    return statistics_views.urlpatterns


@hooks.register("register_reports_menu_item")
def register_statistics_menu_item() -> MenuItem:
    """Put the statistics into the reports menu."""
    return statistics_views.StatisticsMenuItem()
