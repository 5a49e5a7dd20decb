"""What people are told of the certificates they have: that the renewal is open, and that one is about to expire."""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from portal.notifications.telling import News, tell
from portal.training import telling_learners
from portal.training.day_words import day_in_words
from portal.training.models import Certificate, Enrolment, Pause
from portal.training.notification_kinds import CERTIFICATE

# Days before the last day of a certificate on which its holder hears of it.
BEFORE_EXPIRY = timedelta(days=7)
# Days for which one that was issued is looked at again, lest its holder never heard of it.
LOOKING_BACK = timedelta(days=30)


def tell_all(today: date) -> None:
    """Tell people of certificates that were issued, can be renewed or expire within a week, each once.

    Safe to run twice, and not to run for days. Nine queries at most, for however many certificates.
    """
    since = timezone.make_aware(datetime.combine(today - LOOKING_BACK, time.min))
    telling_learners.certified(_of_people_in_service().filter(at__gte=since))
    tell(CERTIFICATE, [*_renewals(today), *_expiring(today)])


def _renewals(today: date) -> list[News]:
    """Return what to say of renewals that are open; whoever has left the path, or is on leave, cannot renew now."""
    found = _to_end(today).filter(renews_from__lte=today)
    paths = {(one.person_id, one.path_id): one.pk for one in _open_and_present(found, today)}
    return [
        News(
            one.person_id,
            f"renewal:{one.pk}",
            f"You can renew your certificate “{one.path_title}” now. "
            f"It is valid until {day_in_words(one.expires_on, today)}.",
            reverse("training:path", args=[paths[one.person_id, one.path_id]]),
        )
        for one in found
        if one.expires_on and (one.person_id, one.path_id) in paths
    ]


def _expiring(today: date) -> list[News]:
    return [
        News(
            one.person_id,
            f"expiring:{one.pk}",
            f"Your certificate “{one.path_title}” expires after {day_in_words(one.expires_on, today)}.",
            telling_learners.certificate_url(one),
        )
        for one in _to_end(today).filter(expires_on__lte=today + BEFORE_EXPIRY)
        if one.expires_on
    ]


def _of_people_in_service() -> QuerySet[Certificate]:
    found = Certificate.objects.filter(person__is_active=True, withdrawal__isnull=True)
    return found.select_related("person").order_by("pk")


def _to_end(today: date) -> QuerySet[Certificate]:
    """Return the certificates that have an end still to come, and that no later one follows."""
    return _of_people_in_service().filter(follower__isnull=True, issued_on__lte=today, expires_on__gte=today)


def _open_and_present(found: QuerySet[Certificate], today: date) -> QuerySet[Enrolment]:
    """Return how people are on the paths of some certificates, without those who are on leave."""
    pauses = Pause.objects.filter(
        Q(until__isnull=True) | Q(until__gt=today), enrolment=OuterRef("pk"), since__lte=today
    )
    on_it = Enrolment.objects.filter(left_at__isnull=True, person__in=found.values("person"))
    return on_it.exclude(Exists(pauses))
