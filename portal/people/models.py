"""The person who signs in."""

from typing import Any

from django.contrib.auth.models import AbstractUser, Group
from django.db import models

from portal.people.positions import Position, group_for


class Language(models.TextChoices):
    """A language the desk serves people in."""

    ENGLISH = "en", "English"
    SPANISH = "es", "Español"


class User(AbstractUser):  # type: ignore[django-manager-missing]
    """A member of the customer service department."""

    position = models.CharField(max_length=12, choices=Position, default=Position.CSR_1)
    hire_date = models.DateField(null=True, blank=True)
    supervisor = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    preferred_language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    uses_shortcuts = models.BooleanField(
        default=True,
        verbose_name="single-key shortcuts",
        help_text="/ goes to the search field, L switches between English and Spanish.",
    )
    is_demonstration = models.BooleanField(
        default=False,
        editable=False,
        help_text="A sample account with a published password. Production settings refuse to start with one present.",
    )

    class Meta(AbstractUser.Meta):
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ["last_name", "first_name", "username"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(supervisor__isnull=True) | ~models.Q(supervisor=models.F("id")),
                name="person_is_not_own_supervisor",
                violation_error_message="A person cannot be their own supervisor.",
            ),
            models.CheckConstraint(condition=models.Q(position__in=Position.values), name="person_position_is_known"),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and keep the person in the group of their position and out of the others'."""
        super().save(*args, **kwargs)
        own = group_for(self.position)
        others = Group.objects.filter(name__in=Position.labels).exclude(pk=own.pk)
        self.groups.remove(*others)
        self.groups.add(own)

    @property
    def writes_content(self) -> bool:
        """Whether this person drafts and edits content."""
        return self.is_superuser or self.position in {Position.SENIOR, Position.SUPERVISOR}


class Holiday(models.Model):
    """A day on which the office is closed. It is no working day (see `portal.people.working_days`)."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.name}, {self.day.isoformat()}"
