"""Forms around attempts."""

from typing import Any

from django import forms

from quizzes.models import Response


class RubricForm(forms.Form):
    """Points for each criterion of a free response, and a remark for the learner."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    remark = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "usa-textarea"}),
        label="What you say to the learner",
        help_text="They read it with their result.",
    )

    def __init__(self, response: Response, data: Any = None) -> None:
        self.initial_seen = response.marked_at.isoformat() if response.marked_at else ""
        super().__init__(data, initial={"seen": self.initial_seen, "remark": response.remark})
        self._response = response
        self._criteria = response.parts_of_rubric()
        for number, criterion in enumerate(self._criteria):
            most = criterion["points"]
            self.fields[f"criterion-{number}"] = forms.TypedChoiceField(
                label=criterion["criterion"],
                choices=[(points, str(points)) for points in range(most + 1)],
                coerce=int,
                initial=criterion["given"],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose how many points this earns."},
            )

    @property
    def is_stale(self) -> bool:
        """Whether somebody has marked the answer since the form was loaded. After `is_valid()`."""
        return bool(self.cleaned_data["seen"] != self.initial_seen)

    def with_the_mark_seen(self) -> "RubricForm":
        """Return the form with all that was typed, as one that knows of the mark there is now."""
        data: Any = self.data
        data = data.copy()
        data["seen"] = self.initial_seen
        return RubricForm(self._response, data)

    @property
    def criteria(self) -> list[Any]:
        """The fields of the criteria, for the template."""
        return [self[f"criterion-{number}"] for number in range(len(self._criteria))]

    @property
    def given(self) -> dict[str, int]:
        """The points given, by the ids of the criteria. After `is_valid()`."""
        return {one["id"]: self.cleaned_data[f"criterion-{number}"] for number, one in enumerate(self._criteria)}

    @property
    def total(self) -> int:
        """All points given. After `is_valid()`."""
        return sum(self.given.values())

    @property
    def possible(self) -> int:
        """All points that could be given."""
        return sum(criterion["points"] for criterion in self._criteria)
