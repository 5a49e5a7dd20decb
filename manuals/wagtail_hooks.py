"""How the library shows in Wagtail's admin. Only wiring."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from manuals import import_views, permissions
from manuals.chooser import policy_section_chooser, section_chooser
from manuals.models import JobFunction


class JobFunctionViewSet(SnippetViewSet):
    """The list of job functions and its editor."""

    model = JobFunction
    icon = "user"
    menu_label = "Job functions"
    add_to_settings_menu = True
    list_display = ["name", "position", "order"]
    list_filter = ["position"]
    ordering = ["order", "name"]


register_snippet(JobFunctionViewSet)


@hooks.register("register_admin_viewset")
def register_section_choosers() -> list[ViewSet]:
    """Offer sections to the editor."""
    return [section_chooser, policy_section_chooser]


class ImportContentMenuItem(MenuItem):
    """Shown to those who may publish content from files."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether this person sees it."""
        return permissions.may_publish_content(request.user)


@hooks.register("register_admin_urls")
def register_import_content() -> list[URLPattern]:
    """Put the content import under the admin."""
    return [path("import-content/", import_views.import_content, name="import_content")]


@hooks.register("register_settings_menu_item")
def register_import_content_menu_item() -> MenuItem:
    """Put the content import into the settings menu."""
    return ImportContentMenuItem("Import content", reverse("import_content"), icon_name="upload", order=620)
