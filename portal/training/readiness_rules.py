"""Which rule holds for a function, and what it asks for in words."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from manuals.models import JobFunction
from portal.training.models import Level, ReadinessRule

WHOLE = 100


class Measure(StrEnum):
    """A kind of evidence, named as the rule's fields are."""

    READ = "read"
    ACKNOWLEDGED = "acknowledged"
    MARK = "mark"
    SIGNED = "signed"
    RECALLED = "recalled"

    @property
    def label(self) -> str:
        """What a column of it is called."""
        return _LABELS[self]


_LABELS = {
    Measure.READ: "Sections read",
    Measure.ACKNOWLEDGED: "Policies acknowledged",
    Measure.MARK: "Quizzes",
    Measure.SIGNED: "Signed off",
    Measure.RECALLED: "Refresher",
}
# Where a rule has what it asks for.
_FIELDS = {
    (level, measure): f"{name}_{measure}"
    for level, name in ((Level.WITH_HELP, "help"), (Level.ALONE, "alone"))
    for measure in Measure
}
# What a rule asks for, of a part and of all.
_WORDS = {
    Measure.READ: ("{} percent of the sections read", "every section read"),
    Measure.ACKNOWLEDGED: ("{} percent of the policies acknowledged", "every policy acknowledged"),
    Measure.MARK: ("{} percent on average in the quizzes", "100 percent in every quiz"),
    Measure.SIGNED: (
        "{} percent of the sign-offs that its tasks ask for",
        "every task signed off as often as it asks for",
    ),
    Measure.RECALLED: (
        "{} percent of the refresher questions right the last time",
        "every refresher question right the last time",
    ),
}


def asked(rule: ReadinessRule, level: Level, measure: Measure) -> int:
    """Return how many percent of a kind of evidence a rule asks for at a level; 0 for learning."""
    field = _FIELDS.get((level, measure))
    return int(getattr(rule, field)) if field else 0


class Rules:
    """The rules of all functions (one query)."""

    def __init__(self) -> None:
        every = ReadinessRule.objects.select_related("job_function")
        self.own: dict[int | None, ReadinessRule] = {rule.job_function_id: rule for rule in every}
        self.general = self.own.pop(None, ReadinessRule())

    def of(self, function: JobFunction) -> ReadinessRule:
        """Return the rule that holds for a function."""
        return self.own.get(function.pk, self.general)

    def exceptions_among(self, functions: Iterable[JobFunction]) -> list[ReadinessRule]:
        """Return the rules that some of these functions have of their own."""
        return [self.own[function.pk] for function in functions if function.pk in self.own]


def in_words(rule: ReadinessRule, level: Level) -> str:
    """Return what a rule asks for at a level, such as “every section read, 70 percent on average in the quizzes”."""
    parts = []
    for measure in Measure:
        percent = asked(rule, level, measure)
        some, everything = _WORDS[measure]
        if percent:
            parts.append(everything if percent == WHOLE else some.format(percent))
    return ", ".join(parts) or "a first piece of evidence of any kind"


def ensure(**kwargs: Any) -> None:
    """Make the general rule where it is missing, so that there is one to set. Safe to run again."""
    ReadinessRule.objects.get_or_create(job_function=None)
