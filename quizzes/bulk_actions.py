"""What can be done with many questions at once."""

from typing import Any

from django import forms
from taggit.utils import parse_tags
from wagtail.admin.widgets import AdminTagWidget
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.permissions import get_permission_name

from quizzes.models import Question


class QuestionBulkAction(SnippetBulkAction):
    """Something done to questions, at once and without review, by whoever may do as much in the editor."""

    models = [Question]
    template_name = "quizzes/admin/bulk_action.html"
    # What follows from it, in a sentence, and the words on the button.
    consequence = ""
    confirmation = ""
    # What it takes to do it to a published question.
    needs = "change"

    def check_perm(self, obj: Question) -> bool:
        """Return whether this person may do it, and nobody has locked the question against them."""
        user = self.request.user
        lock = obj.get_lock()
        may = user.has_perm(get_permission_name(self.needs if obj.live else "change", Question))
        return may and not (lock and lock.for_user(user))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add `action`: this one, for its words."""
        return {**super().get_context_data(**kwargs), "action": self}

    def get_execution_context(self) -> dict[str, Any]:
        """Hand the form to `execute_action`."""
        return {**super().get_execution_context(), "form": self.cleaned_form}


class TagForm(forms.Form):
    """The tags to add."""

    tags = forms.CharField(widget=AdminTagWidget, help_text="They are added to those the questions have.")


class TagAction(QuestionBulkAction):
    """Adds tags."""

    display_name = "Tag"
    aria_label = "Tag the selected questions"
    action_type = "tag"
    confirmation = "Add these tags"
    form_class = TagForm

    @classmethod
    def execute_action(cls, objects: list[Question], form: TagForm, **kwargs: Any) -> tuple[int, int]:
        """Add the tags to what is published, and to drafts that were begun since."""
        names = parse_tags(form.cleaned_data["tags"])
        for question in objects:
            question.tags.add(*names)
            question.save()
            if question.has_unpublished_changes and question.latest_revision:
                draft = question.get_latest_revision_as_object()
                draft.tags.add(*names)
                # A draft may be unfinished.
                draft.save_revision(user=kwargs["self"].request.user, clean=False)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say what was done."""
        return f"Tagged {num_parent_objects} question{'s' if num_parent_objects != 1 else ''}."


class RetireAction(QuestionBulkAction):
    """Retires questions: kept for past results, not asked again."""

    display_name = "Retire"
    aria_label = "Retire the selected questions"
    action_type = "retire"
    consequence = "They stay in past results and are not asked again."
    confirmation = "Retire them"
    needs = "publish"
    retired = True

    @classmethod
    def execute_action(cls, objects: list[Question], **kwargs: Any) -> tuple[int, int]:
        """Write it to what is published, and to drafts that were begun since."""
        for question in objects:
            question.retired = cls.retired
            question.save(update_fields=["retired"])
            if question.has_unpublished_changes and question.latest_revision:
                draft = question.get_latest_revision_as_object()
                draft.retired = cls.retired
                draft.save_revision(user=kwargs["self"].request.user, clean=False)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say what was done."""
        plural = "s" if num_parent_objects != 1 else ""
        return f"Retired {num_parent_objects} question{plural}. Past results keep them."


class BringBackAction(RetireAction):
    """Takes questions out of retirement."""

    display_name = "Bring back"
    aria_label = "Bring the selected questions back"
    action_type = "bring_back"
    consequence = "They can be asked again."
    confirmation = "Bring them back"
    retired = False

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """Say what was done."""
        return f"Brought back {num_parent_objects} question{'s' if num_parent_objects != 1 else ''}."
