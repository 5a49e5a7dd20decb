"""Wagtail's users app, with the portal's people in it."""

from wagtail.users.apps import WagtailUsersAppConfig


class PortalUsersConfig(WagtailUsersAppConfig):
    """Takes the place of `wagtail.users` in INSTALLED_APPS."""

    user_viewset = "portal.people.viewsets.StaffViewSet"
