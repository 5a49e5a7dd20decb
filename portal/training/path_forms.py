"""The editors' forms of paths and tasks: drafts may be unfinished, what is published may not."""

from typing import Any

from wagtail.admin.forms.models import WagtailAdminModelForm

from manuals.consequences import counted
from portal.training import path_checking, recording

SAY_WHAT_BECOMES = "Say what becomes of the people who are on this path."
NOTHING_TO_SEE = "Add at least one thing to see: the supervisor ticks each before the task is met."


class LearningPathForm(WagtailAdminModelForm):
    """The editor's form of a path. It asks what becomes of the people on it where there are any."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "on_change" not in self.fields:
            return
        reached = recording.reached(self.instance)
        if not reached:
            del self.fields["on_change"]
            return
        who = counted(reached, "person is", "people are")
        field = self.fields["on_change"]
        field.help_text = f"{who} on this path. This decides what happens when you publish a change of its steps."
        field.error_messages["required"] = SAY_WHAT_BECOMES

    def _post_clean(self) -> None:
        """Refuse to publish a path that a person could not go through; a draft may be anything."""
        super()._post_clean()
        if self.is_deferred_validation or not {"contents", "position"} <= self.cleaned_data.keys():
            return
        objection = path_checking.objection_to(self.instance)
        if objection:
            self.add_error("contents", objection)
        sentence = path_checking.objection_to_certificate(self.instance)
        if sentence and "valid_months" in self.fields:
            self.add_error("valid_months", sentence)


class TaskForm(WagtailAdminModelForm):
    """The editor's form of a task, which has something to see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "checklist" in self.formsets:
            self.formsets["checklist"].error_messages["too_few_forms"] = NOTHING_TO_SEE
