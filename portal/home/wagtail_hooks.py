"""How the portal shows in Wagtail's admin. Only wiring."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("insert_global_admin_css")
def portal_admin_css() -> SafeString:
    """Put the portal's name and colours on the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("register_admin_menu_item")
def back_to_the_portal() -> MenuItem:
    """Lead from the admin to the portal."""
    return MenuItem("Portal", "/", icon_name="home", order=1)


@hooks.register("construct_main_menu")
def without_wagtail_help(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Leave out links to pages about Wagtail that are of no use at this desk."""
    menu_items[:] = [item for item in menu_items if item.name != "help"]
