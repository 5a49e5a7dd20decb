"""Issuing certificates to who has finished a path, and withdrawing them. A certificate is never altered.

Of each person and path there is one chain of certificates. Its newest one says how they stand: another follows it when
its renewal is done, or when a supervisor issues it again after it was withdrawn. The database refuses a second first
one, and a second one after the same (see `Certificate`).
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from portal.people.models import User
from portal.training import certificate_codes, permissions, progress, renewing
from portal.training.models import Certificate, CertificateWithdrawal, Enrolment
from portal.training.progress import Progress

# People whose progress is looked at together.
BATCH = 200


class NotTheNewest(Exception):
    """Another certificate has followed this one, which counts now."""


class AlreadyWithdrawn(Exception):
    """Somebody has withdrawn the certificate before."""


class NotWithdrawn(Exception):
    """The certificate stands, so that there is nothing to issue again."""


class NotFinished(Exception):
    """The person has not done all that the path asks for, or its steps ask for nothing."""


def issue(people: Iterable[User | int], today: date | None = None) -> list[Certificate]:
    """Issue what these people have earned and not got yet, and return it. Safe to run twice, and twice at once.

    One query where they have earned nothing for certain: everything they are on is certified and not to be renewed.
    What was withdrawn is not issued again by itself.
    """
    today = today or timezone.localdate()
    keys = sorted({one if isinstance(one, int) else one.pk for one in people})
    found: list[Certificate] = []
    for start in range(0, len(keys), BATCH):
        some = earning(today).filter(person__in=keys[start : start + BATCH])
        enrolments = list(some.select_related("person", "path"))
        if enrolments:
            found += _issue(enrolments, today)
    return found


def issue_all(today: date | None = None) -> list[Certificate]:
    """Issue to everyone in service what they have earned and not got yet, and return it."""
    today = today or timezone.localdate()
    people = earning(today).filter(person__is_active=True).order_by().values_list("person_id", flat=True)
    return issue(people.distinct(), today)


def earning(today: date) -> QuerySet[Enrolment]:
    """Return the open enrolments that bring a certificate once they are finished: a first one, or a renewed one."""
    own = Certificate.objects.filter(person=OuterRef("person"), path=OuterRef("path"))
    return Enrolment.objects.filter(left_at__isnull=True, path__gives_certificate=True).filter(
        ~Exists(own) | Exists(own.standing().filter(renews_from__lte=today))
    )


def standing(people: Iterable[User | int]) -> dict[tuple[int, int], Certificate]:
    """Return the newest certificate of each of some people by person and path, without those withdrawn (one query)."""
    own = Certificate.objects.standing().filter(person__in=list(people)).select_related("withdrawal")
    return {(one.person_id, one.path_id): one for one in own}


def of(person: User) -> list[Certificate]:
    """Return all certificates of a person, the newest first (one query)."""
    return list(Certificate.objects.filter(person=person).select_related("withdrawal", "follower"))


def by_path(person: User) -> dict[int, Certificate]:
    """Return the newest certificate of each path of a person, by path, without those withdrawn (one query)."""
    return {path: one for (_, path), one in standing([person]).items()}


def newest(people: Iterable[User | int]) -> dict[tuple[int, int], Certificate]:
    """Return the newest certificate of each of some people by person and path, be it withdrawn (one query)."""
    own = Certificate.objects.newest().filter(person__in=list(people)).select_related("withdrawal")
    return {(one.person_id, one.path_id): one for one in own}


@transaction.atomic
def withdraw(certificate: Certificate, by: User, reason: str) -> CertificateWithdrawal:
    """Withdraw the newest certificate of a path, and those before it that would still be valid.

    Raises `PermissionDenied`, `NotTheNewest` and `AlreadyWithdrawn`, and writes nothing then.
    """
    if not permissions.may_certify(by, certificate.person):
        raise PermissionDenied
    chain = _locked_chain(certificate)
    if chain[-1].pk != certificate.pk:
        raise NotTheNewest
    if chain[-1].state == "withdrawn":
        raise AlreadyWithdrawn
    written = [
        CertificateWithdrawal.objects.create(certificate=one, by=by, by_name=str(by), reason=reason)
        for one in chain
        if one.state == "valid" or one.pk == certificate.pk
    ]
    return written[-1]


def issue_again(certificate: Certificate, by: User, today: date | None = None) -> Certificate:
    """Issue a new certificate in the place of one that was withdrawn, valid from today on.

    Raises `PermissionDenied`, `NotTheNewest`, `NotWithdrawn` and `NotFinished`, and writes nothing then.
    """
    if not permissions.may_certify(by, certificate.person):
        raise PermissionDenied
    today = today or timezone.localdate()
    with transaction.atomic():
        newest = _locked_chain(certificate)[-1]
        if newest.pk != certificate.pk:
            raise NotTheNewest
        if newest.state != "withdrawn":
            raise NotWithdrawn
        known = finished(certificate, today)
        if known is None:
            raise NotFinished
        return _write(known, newest, today, adds_to=None)


def finished(certificate: Certificate, today: date | None = None) -> Progress | None:
    """Return how far the person of a certificate is on its path, or None where not all of it is done."""
    last_first = F("left_at").desc(nulls_first=True)
    own = Enrolment.objects.filter(person=certificate.person_id, path=certificate.path_id)
    enrolment = own.select_related("person", "path").order_by(last_first, "-pk").first()
    known = progress.of([enrolment], today)[enrolment.pk] if enrolment else None
    return known if known and known.is_finished else None


def _issue(enrolments: list[Enrolment], today: date) -> list[Certificate]:
    known = [one for one in progress.of(enrolments, today).values() if one.is_finished]
    if not known:
        return []
    former = newest({one.enrolment.person_id for one in known})
    found = []
    for one in known:
        last = former.get((one.enrolment.person_id, one.enrolment.path_id))
        if last is None or _is_renewed(one, last):
            found += _issue_one(one, last, today)
    return found


def _is_renewed(known: Progress, last: Certificate) -> bool:
    """Return whether something was done again for the renewal; a path that asks for nothing again renews nothing."""
    if last.state == "withdrawn" or last.renews_from is None:
        return False
    since = last.renews_from
    return any(
        one.state == "done" or (one.waiver is not None and timezone.localdate(one.waiver.at) >= since)
        for one in known.steps
        if one.step.renews and one.counts
    )


def _issue_one(known: Progress, last: Certificate | None, today: date) -> list[Certificate]:
    """Write a certificate after another, unless somebody else has done so or withdrawn that meanwhile."""
    try:
        with transaction.atomic():
            if last and _locked_chain(last)[-1].state == "withdrawn":
                return []
            return [_write(known, last, today, adds_to=last)]
    except IntegrityError:
        if (known.enrolment.person_id, known.enrolment.path_id) in newest([known.enrolment.person_id]):
            return []
        raise


def _write(known: Progress, last: Certificate | None, today: date, *, adds_to: Certificate | None) -> Certificate:
    enrolment = known.enrolment
    renews_from, expires_on = renewing.validity(enrolment.path, today, adds_to)
    return Certificate.objects.create(
        code=certificate_codes.new(),
        person=enrolment.person,
        person_name=str(enrolment.person),
        path=enrolment.path,
        path_title=enrolment.path.title,
        edition_id=enrolment.edition_id,
        minutes=sum(one.minutes for one in known.steps if one.counts and one.state == "done"),
        issued_on=today,
        renews_from=renews_from,
        expires_on=expires_on,
        follows=last,
    )


def _locked_chain(certificate: Certificate) -> list[Certificate]:
    """Return all certificates of a person and path, oldest first, and keep others from adding one until the commit."""
    User.objects.select_for_update().get(pk=certificate.person_id)
    own = Certificate.objects.filter(person=certificate.person_id, path=certificate.path_id)
    return list(own.select_related("withdrawal").order_by("pk"))
