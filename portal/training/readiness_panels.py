"""What stands in the editor of a rule of readiness, and what it refuses."""

from typing import Any

from django.forms import RadioSelect
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList

from manuals.models import JobFunction
from portal.training.models import ReadinessRule
from portal.training.readiness_rules import WHOLE, Measure

_HEADINGS = {
    Measure.READ: "Sections read",
    Measure.ACKNOWLEDGED: "Policies acknowledged",
    Measure.MARK: "Average of the best marks in its quizzes",
    Measure.SIGNED: "Sign-offs of its tasks",
    Measure.RECALLED: "Refresher questions right the last time",
}


class ReadinessRuleForm(WagtailAdminModelForm):
    """The editor's form of a rule. It says beside the field what cannot be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("job_function")
        if field is not None:
            taken = ReadinessRule.objects.filter(job_function__isnull=False).exclude(pk=self.instance.pk)
            field.queryset = JobFunction.objects.exclude(pk__in=taken.values("job_function"))
            field.error_messages["invalid_choice"] = "This function has a rule already. Change that one instead."

    def clean(self) -> dict[str, Any]:
        """Refuse what is no percentage, and “alone” asking for less than “with help”."""
        found: dict[str, Any] = super().clean()
        for one in Measure:
            for name in (f"help_{one}", f"alone_{one}"):
                if (found.get(name) or 0) > WHOLE:
                    self.add_error(name, "Enter a percentage from 0 to 100.")
            least, percent = self.cleaned_data.get(f"help_{one}"), self.cleaned_data.get(f"alone_{one}")
            if least is not None and percent is not None and percent < least:
                self.add_error(
                    f"alone_{one}",
                    f"“Alone” cannot ask for less than “with help”: enter {least} at least, or lower that.",
                )
        return found


def rule_editor() -> ObjectList:
    """Return the editor of a rule: for each kind of evidence, what “with help” and “alone” ask for."""
    rows = [
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel(f"help_{one}", heading="With help"), FieldPanel(f"alone_{one}", heading="Alone")]
                )
            ],
            heading=_HEADINGS[one],
        )
        for one in Measure
    ]
    moving_up = FieldPanel("to_move_up", widget=RadioSelect)
    return ObjectList([FieldPanel("job_function"), *rows, moving_up], base_form_class=ReadinessRuleForm)
