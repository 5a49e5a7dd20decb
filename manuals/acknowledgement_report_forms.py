"""What the reports of acknowledgements are narrowed down by. A choice that does not exist narrows nothing."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.text import capfirst

from manuals import editions
from manuals.acknowledgement_reports import Asked, PersonLine
from portal.people.models import User
from portal.people.positions import Position

_KINDS = [("", "All kinds"), *((key, capfirst(model._meta.verbose_name)) for key, model in editions.MODELS.items())]
_POSITIONS = [("", "All positions"), *Position.choices]
_EDITION_STATES: dict[str, tuple[str, Callable[[Asked], bool]]] = {
    "overdue": ("Somebody is overdue", lambda row: row.counts["overdue"] > 0),
    "open": ("Somebody has not yet", lambda row: row.counts["due"] + row.counts["overdue"] > 0),
    "done": ("Everybody has", lambda row: row.counts["due"] + row.counts["overdue"] == 0),
}
_PERSON_STATES: dict[str, tuple[str, Callable[[PersonLine], bool]]] = {
    "overdue": ("Overdue", lambda line: line.overdue > 0),
    "open": ("Something is owed", lambda line: line.due + line.overdue > 0),
    "done": ("Nothing is owed", lambda line: line.due + line.overdue == 0),
}


class _Narrowing(forms.Form):
    """A form in an address. Whatever is wrong in it counts as not given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, by field."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) for name in self.fields}


class SupervisorChoice(forms.ModelChoiceField):
    """A choice of those who supervise anybody."""

    def __init__(self, **kwargs: Any) -> None:
        supervisors = User.objects.filter(reports__isnull=False).distinct()
        super().__init__(supervisors, required=False, label="Supervisor", empty_label="All supervisors", **kwargs)


class AskedForm(_Narrowing):
    """By the kind of page and by how far it has got."""

    kind = forms.ChoiceField(choices=_KINDS, required=False)
    state = forms.ChoiceField(
        choices=[("", "All"), *((key, label) for key, (label, _) in _EDITION_STATES.items())], required=False
    )

    def narrow(self, rows: list[Asked]) -> list[Asked]:
        """Return the rows that were asked for."""
        chosen = self.chosen()
        if chosen["kind"]:
            rows = [row for row in rows if row.edition.page_type == chosen["kind"]]
        if chosen["state"]:
            rows = list(filter(_EDITION_STATES[chosen["state"]][1], rows))
        return rows


class EditionForm(_Narrowing):
    """By position and supervisor."""

    position = forms.ChoiceField(choices=_POSITIONS, required=False)
    supervisor = SupervisorChoice()

    def in_words(self) -> str:
        """Return whom it narrows down to, or nothing."""
        chosen = self.chosen()
        words = [f"the position {Position(chosen['position']).label}"] if chosen["position"] else []
        if chosen["supervisor"]:
            words.append(f"the people of {chosen['supervisor']}")
        return " and ".join(words)


class PeopleForm(_Narrowing):
    """By name, position, supervisor, and what is owed."""

    q = forms.CharField(required=False, label="Name or user name", max_length=100)
    position = forms.ChoiceField(choices=_POSITIONS, required=False)
    supervisor = SupervisorChoice()
    state = forms.ChoiceField(
        choices=[("", "All"), *((key, label) for key, (label, _) in _PERSON_STATES.items())], required=False
    )
    who = forms.ChoiceField(
        choices=[("", "Who works here"), ("left", "Who left"), ("all", "Both")], required=False, label="Which people"
    )

    def people(self) -> list[User]:
        """Return the people that were asked for, by name, with their supervisors (one query)."""
        chosen = self.chosen()
        found = User.objects.select_related("supervisor")
        if chosen["who"] != "all":
            found = found.filter(is_active=chosen["who"] != "left")
        if chosen["position"]:
            found = found.filter(position=chosen["position"])
        if chosen["supervisor"]:
            found = found.filter(supervisor=chosen["supervisor"])
        words = (chosen["q"] or "").lower().split()
        return [person for person in found if all(word in f"{person} {person.username}".lower() for word in words)]

    def narrow(self, lines: list[PersonLine]) -> list[PersonLine]:
        """Return the lines that were asked for."""
        state = self.chosen()["state"]
        return list(filter(_PERSON_STATES[state][1], lines)) if state else lines
