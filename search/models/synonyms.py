"""Words that mean the same at this desk."""

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel

MAX_WORDS = 6


def _phrases(terms: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in terms.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


@lru_cache(maxsize=8)
def phrases_of(groups: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Return the words and phrases of the groups with these terms; the same for the same, until an edit."""
    return tuple(map(_phrases, groups))


class SynonymGroup(models.Model):
    """Words and phrases that callers and we use for one thing, in either language: trash, garbage, basura."""

    terms = models.TextField(
        help_text="One word or phrase a line, at least two: “turned off”, “shut off”, “disconnected”. They count from "
        "the next search on."
    )

    panels = [FieldPanel("terms")]

    class Meta:
        verbose_name = "synonyms"
        verbose_name_plural = "synonyms"
        ordering = ["terms"]

    def __str__(self) -> str:
        return " ~ ".join(self.phrases)

    @property
    def phrases(self) -> list[str]:
        """The words and phrases, without blanks around them and without those given twice."""
        return list(_phrases(self.terms))

    def clean(self) -> None:
        """Refuse a group that says nothing, and a phrase too long to be a word for anything."""
        super().clean()
        if len(self.phrases) < 2:
            raise ValidationError({"terms": "Give at least two words or phrases, each on a line of its own."})
        for phrase in self.phrases:
            if len(phrase.split()) > MAX_WORDS:
                raise ValidationError(
                    {"terms": f"“{phrase}” has more than {MAX_WORDS} words. Put whole questions into “Also asked as”."}
                )
