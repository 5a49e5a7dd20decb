"""Making a remark, and what comes of it."""

from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page

from manuals import permissions, remarks
from manuals.models import Edition, EditionedPage, Remark, Section
from manuals.remark_forms import FilterForm, RemarkForm, ReplyForm
from portal.people.models import User

PER_PAGE = 30
# Digits of a number that a database takes.
MAX_DIGITS = 18


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form for a remark on `page`, and on its `section`; posted, write it down and go back there."""
    page = _page(request)
    anchor = request.GET.get("section", "")
    if not anchor.isprintable():
        # PostgreSQL takes no NUL, and no section has an address that cannot be read.
        raise Http404
    section = get_object_or_404(Section, page_id=page.pk, anchor=anchor) if anchor else None
    form = RemarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.left_out:
            remarks.make(page, section, form.cleaned_data["text"], cast(User, request.user))
            thanks = f"Thank you. {remarks.keeper(page) or 'A Supervisor'} will see it."
            # Said at the section too, where whoever sent it comes back to.
            messages.success(request, thanks, extra_tags=f"remark-{page.pk}-{anchor}")
            return redirect(page.get_url(request) + (f"#{anchor}" if anchor else ""))
        form = form.as_kept()
    context = {"page": page, "section": section, "form": form, "keeper": remarks.keeper(page)}
    return render(request, "manuals/remarks/new.html", context)


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """List the remarks a person may see, narrowed by `state` and for those who write by `whose`."""
    person = cast(User, request.user)
    form = FilterForm(request.GET)
    form.is_valid()
    found = remarks.visible_to(person)
    if form.cleaned_data.get("state"):
        found = found.filter(state=form.cleaned_data["state"])
    whose = form.cleaned_data.get("whose")
    if whose == "kept":
        found = remarks.on_pages_of(person, found)
    elif whose == "made":
        found = found.filter(by=person)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "manuals/remarks/list.html", {"page": page, "form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one remark and what came of it; posted by someone who writes, settle it."""
    person = cast(User, request.user)
    found = get_object_or_404(remarks.visible_to(person), pk=pk)
    if not permissions.may_read(found.page, request):
        raise Http404
    may_settle = person.writes_content
    if request.method == "POST" and not may_settle:
        raise Http404
    form = ReplyForm(request.POST or None)
    unsaved = ""
    if request.method == "POST" and form.is_valid():
        if form.left_out and found.state == Remark.State.OPEN:
            form = form.as_kept()
        elif remarks.settle(found, form.cleaned_data["state"], form.cleaned_data["text"], person):
            messages.success(request, f"Saved. {found.by} sees it on the front page.")
            return redirect("remarks:remark", found.pk)
        else:
            unsaved = form.cleaned_data["text"]
            found = get_object_or_404(remarks.visible_to(person), pk=pk)
    is_open = found.state == Remark.State.OPEN
    context: dict[str, Any] = {
        "remark": found,
        "form": form if may_settle and is_open else None,
        "unsaved": unsaved,
        "section": _section(found),
        "edition": Edition.objects.of(found.page_id).in_force(timezone.localdate()).defer("content").first(),
    }
    return render(request, "manuals/remarks/remark.html", context)


def _page(request: HttpRequest) -> EditionedPage:
    """Return the page that a remark is about. Raises `Http404` for one that has no editions or may not be read."""
    key = request.GET.get("page", "")
    if not (key.isascii() and key.isdigit() and len(key) <= MAX_DIGITS):
        raise Http404
    page = get_object_or_404(Page.objects.live(), pk=int(key)).specific
    if not isinstance(page, EditionedPage) or not permissions.may_read(page, request):
        raise Http404
    return page


def _section(remark: Remark) -> Section | None:
    """Return the section that a remark is on, where it still stands on a page that readers have."""
    if not remark.anchor or not remark.page.live:
        return None
    return Section.objects.filter(page_id=remark.page_id, anchor=remark.anchor, retired=False).first()
