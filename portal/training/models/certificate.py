"""What finishing a path earned. Certificates and their withdrawals are append-only (see `manuals.append_only`)."""

from typing import Literal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from portal.training.models.enrolment import REASON_LENGTH
from portal.training.models.path import LearningPath
from portal.training.models.signing import NAME_LENGTH
from portal.training.models.step import PathEdition

CODE_LENGTH = 16
State = Literal["valid", "expired", "withdrawn"]


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates to choose from."""

    def newest(self) -> "CertificateQuerySet":
        """Return those that no other one follows, withdrawn or not: one of each person and path."""
        return self.filter(follower__isnull=True)

    def standing(self) -> "CertificateQuerySet":
        """Return the newest ones that nobody has withdrawn, be they expired."""
        return self.newest().filter(withdrawal__isnull=True)


class Certificate(models.Model):
    """That a person finished an edition of a path, as it is printed.

    A person has one first certificate of a path; each later one, issued at renewal or after a withdrawal, `follows`
    the one before it. So the one that nothing follows is the newest, and two runs at once cannot issue two.
    """

    code = models.CharField(max_length=CODE_LENGTH, unique=True, help_text="By which anyone can check it.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    person_name = models.CharField(max_length=NAME_LENGTH)
    path = models.ForeignKey(LearningPath, on_delete=models.PROTECT, related_name="certificates")
    path_title = models.CharField(max_length=100)
    edition = models.ForeignKey(PathEdition, on_delete=models.PROTECT, related_name="certificates")
    minutes = models.PositiveIntegerField(help_text="How long the required steps that were done take.")
    issued_on = models.DateField()
    renews_from = models.DateField(
        null=True, blank=True, help_text="From this day on, what the path asks for a renewal is due again."
    )
    expires_on = models.DateField(null=True, blank=True, help_text="The last day it is valid; empty for no end.")
    follows = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="follower")
    at = models.DateTimeField(default=timezone.now)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "path"], condition=Q(follows__isnull=True), name="first_certificate_of_a_path_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True, renews_from__isnull=True)
                | Q(expires_on__gte=F("issued_on"), renews_from__lte=F("expires_on")),
                name="certificate_expires_after_it_is_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_name}: {self.path_title}, {self.issued_on.isoformat()}"

    @property
    def state(self) -> State:
        """How it stands today. Ask for it with `withdrawal` selected, or it costs a query."""
        if hasattr(self, "withdrawal"):
            return "withdrawn"
        return "expired" if self.expires_on and self.expires_on < timezone.localdate() else "valid"

    @property
    def is_newest(self) -> bool:
        """Whether no other one follows it. Ask for it with `follower` selected, or it costs a query."""
        return not hasattr(self, "follower")

    @property
    def is_to_be_renewed(self) -> bool:
        """Whether its renewal has begun."""
        return bool(self.renews_from and self.renews_from <= timezone.localdate())

    @property
    def hours(self) -> str:
        """How long what it stands for takes, in hours to a half, such as “36.5”."""
        return f"{round(self.minutes / 30) / 2:g}"


class CertificateWithdrawal(models.Model):
    """That a certificate is not valid any more, and why."""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=NAME_LENGTH)
    reason = models.CharField(max_length=REASON_LENGTH)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="certificate_withdrawal_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.certificate}, withdrawn"
