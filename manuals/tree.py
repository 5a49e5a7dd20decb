"""The fixed pages of the library: Home, and under it Manuals, Policies and Answers."""

from wagtail.models import Locale, Page, Site

from manuals.models import AnswerIndexPage, HomePage, ManualIndexPage, PolicyIndexPage


def home_page() -> HomePage:
    """Return the root of the library. Raises `HomePage.DoesNotExist` before `ensure()`."""
    return HomePage.objects.get()


def manual_index() -> ManualIndexPage:
    """Return the page that manuals stand under."""
    return ManualIndexPage.objects.get()


def policy_index() -> PolicyIndexPage:
    """Return the page that policies stand under."""
    return PolicyIndexPage.objects.get()


def answer_index() -> AnswerIndexPage:
    """Return the page that answers stand under."""
    return AnswerIndexPage.objects.get()


def menu_pages() -> list[Page]:
    """Return the published pages under Home that belong into the main menu, in the order of the tree."""
    return list(Page.objects.filter(depth=3).live().in_menu().order_by("path"))


def _ensure_home() -> HomePage:
    """Return the home page, made in place of the page that Wagtail's own migrations leave there."""
    home = HomePage.objects.first()
    if home:
        return home
    root = Page.get_first_root_node()
    if root is None:
        root = Page.add_root(title="Root", slug="root", locale=Locale.get_default())
    for welcome in root.get_children().filter(content_type__model="page"):
        welcome.delete()
    root.refresh_from_db()
    home = HomePage(title="Customer Service Portal", slug="home", show_in_menus=False)
    root.add_child(instance=home)
    return home


def ensure() -> HomePage:
    """Make the fixed pages and the default site where they are missing. Safe to run again; renames nothing."""
    home = _ensure_home()
    for model, title, slug in (
        (AnswerIndexPage, "Answers", "answers"),
        (PolicyIndexPage, "Policies", "policies"),
        (ManualIndexPage, "Manuals", "manuals"),
    ):
        if not model.objects.exists():
            home.add_child(instance=model(title=title, slug=slug, show_in_menus=True))
    if not Site.objects.filter(root_page=home).exists():
        Site.objects.filter(is_default_site=True).delete()
        Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True, site_name="Portal")
    return home
