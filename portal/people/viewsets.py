"""People in Wagtail's admin."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from portal.people.forms import HolidayForm, StaffCreationForm, StaffEditForm
from portal.people.models import Holiday, User
from portal.people.permissions import may_change


class OfferedForm:
    """Makes the form offer only what the person at the screen may decide."""

    request: Any

    def get_form(self, form_class: Any = None) -> Any:
        """Return the form, narrowed to the editor."""
        form = super().get_form(form_class)  # type: ignore[misc]
        form.offer_to(self.request.user)
        return form


class StaffCreateView(OfferedForm, CreateView):
    """Adds a person."""


class StaffEditView(OfferedForm, EditView):
    """Changes a person."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse what the group's permissions alone would allow."""
        if not may_change(cast(User, request.user), self.object):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class StaffIndexView(IndexView):
    """The list of people, by position."""

    @property
    def columns(self) -> list[Column]:
        """Wagtail's columns, with the position behind the name."""
        found = list(super().columns)
        position = Column(
            "position", accessor="get_position_display", label="Position", sort_key="position", width="15%"
        )
        return [*found[:2], position, *found[2:]]


class StaffViewSet(UserViewSet):
    """Wagtail's list and editor of users, with positions."""

    menu_label = "People"
    index_view_class = StaffIndexView
    add_view_class = StaffCreateView
    edit_view_class = StaffEditView

    def get_form_class(self, for_update: bool = False) -> Any:
        """Return the form for a new account or for one that is there."""
        return StaffEditForm if for_update else StaffCreationForm


class HolidayViewSet(ModelViewSet):
    """The days on which the office is closed, and their editor."""

    model = Holiday
    icon = "date"
    menu_label = "Holidays"
    menu_order = 615
    add_to_settings_menu = True
    list_display = ["day", "name"]
    ordering = ["day"]
    search_fields = ["name"]
    search_backend_name = None
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[HolidayForm]:
        """Return the form for a new holiday or for one that is there."""
        return HolidayForm
