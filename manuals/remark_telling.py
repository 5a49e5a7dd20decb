"""Telling by email that somebody has remarked something about a page."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from manuals.models import Remark
from manuals.sample_values import plain
from portal.people.models import User


def tell(remark: Remark, people: Iterable[User]) -> None:
    """Email each person a remark, with links to its section and to where it is answered. Raises as sending does."""
    base = settings.WAGTAILADMIN_BASE_URL
    title = remark.page.title
    context = {
        "remark": remark,
        "title": title,
        "heading": plain(remark.heading),
        "section_url": base + section_address(remark),
        "remark_url": base + reverse("remarks:remark", args=[remark.pk]),
        "portal_name": settings.WAGTAIL_SITE_NAME,
    }
    subject = " ".join(f"A remark on “{title}”".split())
    mails = [
        EmailMessage(
            subject, render_to_string("manuals/remarks/email.txt", {**context, "person": person}), to=[person.email]
        )
        for person in people
    ]
    if mails:
        get_connection().send_messages(mails)


def section_address(remark: Remark) -> str:
    """Return the path of the section that a remark is on, or of its page."""
    parts = remark.page.get_url_parts()
    path = parts[2] if parts else "/"
    return f"{path}#{remark.anchor}" if remark.anchor else path
