"""How people show in Wagtail's admin. Only wiring."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from portal.people import import_views, keeping
from portal.people.models import User
from portal.people.permissions import may_change
from portal.people.viewsets import HolidayViewSet

hooks.register("before_delete_user", keeping.refuse_to_delete)
hooks.register("before_bulk_action", keeping.refuse_to_delete_many)


class ImportStaffMenuItem(MenuItem):
    """Shown to those who may bring in staff."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return whether this person sees it."""
        return import_views.may_import(request.user)


@hooks.register("register_admin_urls")
def register_import_staff() -> list[URLPattern]:
    """Put the staff import under the admin."""
    return [path("import-staff/", import_views.import_staff, name="import_staff")]


@hooks.register("register_settings_menu_item")
def register_import_staff_menu_item() -> MenuItem:
    """Put the staff import into the settings menu."""
    return ImportStaffMenuItem("Import staff", reverse("import_staff"), icon_name="group", order=610)


@hooks.register("before_bulk_action")
def refuse_bulk_changes_of_rank(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Roles follow from positions, and only administrators touch administrators, in bulk too."""
    if action.model is not User:
        return
    editor = cast(User, request.user)
    if editor.is_superuser:
        return
    if action_type == "assign_role" or not all(may_change(editor, person) for person in objects):
        raise PermissionDenied


@hooks.register("register_admin_viewset")
def register_holidays() -> ViewSet:
    """Put the holidays under the admin, and into the settings menu."""
    return HolidayViewSet("holidays")
