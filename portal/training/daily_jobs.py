"""What training does once a day, before the digest goes out. Each job is safe to run twice, and not to run for days."""

from datetime import date, timedelta

from wagtail.models import Page

from manuals.models import Edition, EditionKind
from portal.notifications import daily
from portal.training import certificate_news, certifying, due_news, refreshing, telling_learners

# Days after which nobody is told any more of an edition that came into force.
LOOKING_BACK = timedelta(days=14)


def register() -> None:
    """Have them done every day, in this order; called once when the app is ready."""
    daily.register("certificates", issue_certificates)
    daily.register("certificate news", certificate_news.tell_all)
    daily.register("refreshers", catch_up)
    daily.register("changed content", tell_what_came_into_force)
    daily.register("due dates", due_news.tell_all)


def issue_certificates(today: date) -> None:
    """Issue what was earned, where nothing else has done so."""
    certifying.issue_all(today)


def catch_up(today: date) -> None:
    """Bring questions into the refreshers that were answered before there were any."""
    refreshing.catch_up()


def tell_what_came_into_force(today: date) -> None:
    """Tell those who had read a chapter of editions that were planned for a day, and whose day has come."""
    planned = Edition.objects.standing().filter(
        kind=EditionKind.MAJOR, effective_from__gt=today - LOOKING_BACK, effective_from__lte=today, sequence__gt=1
    )
    editions = list(planned.defer("content"))
    pages = Page.objects.filter(live=True).in_bulk({edition.page_id for edition in editions})
    for edition in editions:
        if edition.page_id in pages:
            telling_learners.changed(pages[edition.page_id], edition)
