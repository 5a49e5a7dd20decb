"""Who agreed to what: acknowledgements, and exemptions from them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from manuals.models.edition import Edition
from portal.people.positions import Position


class Method(models.TextChoices):
    """How a person made sure that it was they who agreed."""

    PASSWORD = "password", "Password"
    SIGN_IN = "sign_in", "Fresh sign-in"


class ReadAs(models.TextChoices):
    """What a person was shown to read."""

    WHOLE = "whole", "The whole"
    DIFFERENCE = "difference", "What changed"


class Acknowledgement(models.Model):
    """That a person read an edition and agreed, at that time. Never altered, never removed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acknowledgements")
    person_name = models.CharField(max_length=350)
    position = models.CharField(max_length=12, choices=Position, help_text="The position the person had.")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="acknowledgements")
    edition_hash = models.CharField(max_length=64)
    since_edition = models.ForeignKey(
        Edition, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="The edition acknowledged before, since which the difference was read.",
    )  # fmt: skip
    read_as = models.CharField(max_length=12, choices=ReadAs)
    sentence = models.CharField(max_length=300, help_text="What the person agreed to, word for word.")
    method = models.CharField(max_length=12, choices=Method)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "edition"], name="edition_acknowledged_once"),
            models.CheckConstraint(condition=~models.Q(sentence=""), name="acknowledgement_has_a_sentence"),
            models.CheckConstraint(condition=models.Q(method__in=Method.values), name="acknowledgement_method_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_name}: {self.edition}"


class Exemption(models.Model):
    """That a person need not acknowledge a page, and why. It is ended, not removed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exemptions")
    page = models.ForeignKey(
        "wagtailcore.Page", on_delete=models.DO_NOTHING, db_constraint=False, related_name="exemptions"
    )
    reason = models.CharField(max_length=250)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "page"], condition=models.Q(ended_at__isnull=True), name="exempt_once_at_a_time"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="exemption_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.reason}"


@register_setting(icon="tick")
class AcknowledgementSettings(BaseGenericSetting):
    """What the city has people agree to."""

    sentence = models.CharField(
        max_length=300,
        default="I have read this, I understand it, and I will follow it.",
        help_text="What a person agrees to, word for word. A change holds for acknowledgements from now on.",
    )

    panels = [FieldPanel("sentence")]

    class Meta:
        verbose_name = "acknowledgements"
