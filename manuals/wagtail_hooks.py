"""How the library shows in Wagtail's admin. Only wiring."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from manuals import (
    acknowledgement_report_views,
    exemption_views,
    import_views,
    permissions,
    publishing,
    publishing_views,
    staying_true_views,
    verifications,
)
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

hooks.register("before_publish_page", publishing.look_first)
hooks.register("before_bulk_action", publishing.refuse_many)


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


@hooks.register("register_admin_urls")
def register_publishing() -> list[URLPattern]:
    """Put the screen before publishing, and what editions set off, under the admin."""
    return publishing_views.urlpatterns


class SetOffMenuItem(MenuItem):
    """Shown to those who write."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether this person sees it."""
        return publishing_views.may_see(request.user)


@hooks.register("register_reports_menu_item")
def register_set_off_menu_item() -> MenuItem:
    """Put what editions set off into the reports menu."""
    return SetOffMenuItem("Editions and what they set off", reverse("editions_set_off"), icon_name="history", order=860)


@hooks.register("register_reports_menu_item")
def register_gone_menu_item() -> MenuItem:
    """Put the pages that were taken down or deleted into the reports menu."""
    return SetOffMenuItem("Taken down and deleted pages", reverse("editions:gone"), icon_name="bin", order=890)


@hooks.register("register_admin_urls")
def register_acknowledgement_reports() -> list[URLPattern]:
    """Put the reports of acknowledgements, and exempting people, under the admin."""
    return [*acknowledgement_report_views.urlpatterns, *exemption_views.urlpatterns]


@hooks.register("register_reports_menu_item")
def register_acknowledgement_reports_menu_item() -> MenuItem:
    """Put the reports of acknowledgements into the reports menu."""
    return acknowledgement_report_views.AcknowledgementsMenuItem()


class RemarksMenuItem(MenuItem):
    """Shown to those who write."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether this person answers remarks."""
        return bool(getattr(request.user, "writes_content", False))


@hooks.register("register_reports_menu_item")
def register_remarks_menu_item() -> MenuItem:
    """Put the remarks into the reports menu."""
    return RemarksMenuItem("Remarks", reverse("remarks:list"), icon_name="comment", order=880)


@hooks.register("register_admin_urls")
def register_staying_true() -> list[URLPattern]:
    """Put the report on what may no longer be true under the admin."""
    return staying_true_views.urlpatterns


@hooks.register("register_reports_menu_item")
def register_staying_true_menu_item() -> MenuItem:
    """Put the report on what may no longer be true into the reports menu."""
    return staying_true_views.StayingTrueMenuItem()


@hooks.register("register_log_actions")
def register_verification_log_action(actions: LogActionRegistry) -> None:
    """Let the history of a page in the admin say that somebody found it still correct."""
    actions.register_action(verifications.LOG_ACTION, "Verify", "Found still correct")
