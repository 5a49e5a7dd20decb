"""What stands in the editors of paths and tasks."""

from typing import Any

from django.forms import CheckboxSelectMultiple, RadioSelect
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TitleFieldPanel,
)

from portal.training import hours, recording
from portal.training.path_forms import LearningPathForm, TaskForm


class HoursPanel(Panel):
    """Shows how long each stage and the whole path take, as they were saved last."""

    class BoundPanel(Panel.BoundPanel):
        """Shown once there is a saved stage."""

        template_name = "training/admin/hours_panel.html"

        def is_shown(self) -> bool:
            """Return whether there is a stage to sum up."""
            return bool(self.instance.pk and self.instance.contents)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return the context with the stages and their sum."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            stages = hours.by_stage(recording.steps_of(self.instance))
            return {**context, "stages": stages, "whole": hours.whole(stages)}


def path_editor() -> ObjectList:
    """Return the editor of a path: all of it on one page."""
    return ObjectList(
        [
            TitleFieldPanel("title", targets=["slug"], placeholder="Such as “CSR I: the first 90 days”"),
            FieldPanel("position", required_on_save=True),
            FieldPanel("introduction"),
            FieldPanel("on_change", widget=RadioSelect),
            FieldPanel("contents"),
            HoursPanel(heading="How long it takes"),
            MultiFieldPanel(
                [FieldPanel("enrols_position"), FieldPanel("counts_from", required_on_save=True)],
                heading="Who comes onto it, and from when its days count",
            ),
            MultiFieldPanel(
                [
                    FieldPanel("gives_certificate"),
                    FieldRowPanel([FieldPanel("valid_months"), FieldPanel("renewal_days", required_on_save=True)]),
                ],
                heading="The certificate, and whether it is to be renewed",
            ),
            FieldPanel("slug", required_on_save=True),
            PublishingPanel(),
        ],
        base_form_class=LearningPathForm,
    )


def task_editor() -> ObjectList:
    """Return the editor of a task."""
    return ObjectList(
        [
            TitleFieldPanel("title", targets=["slug"], placeholder="What the person does"),
            FieldPanel("description"),
            FieldRowPanel([FieldPanel("times"), FieldPanel("minutes")]),
            InlinePanel("checklist", heading="What must be seen", label="thing to see", min_num=1),
            FieldPanel("job_functions", widget=CheckboxSelectMultiple),
            FieldPanel("slug"),
            FieldPanel("retired"),
        ],
        base_form_class=TaskForm,
    )
