"""The question bank in Wagtail's admin."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList, PublishingPanel, TabbedInterface
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.models import Revision, WorkflowState
from wagtail.snippets.views.snippets import CopyView, CreateView, SnippetViewSet, SnippetViewSetGroup

from manuals.chooser import section_chooser
from manuals.models import JobFunction
from quizzes import types
from quizzes.models import Allowance, Category, Question


class QuestionFilterSet(WagtailFilterSet):
    """What the list of questions is narrowed down by."""

    type = django_filters.ChoiceFilter(choices=types.choices, label="Type")
    job_functions = django_filters.ModelChoiceFilter(queryset=JobFunction.objects.all(), label="Job function")
    tag = django_filters.CharFilter(field_name="tags__name", lookup_expr="iexact", label="Tag", distinct=True)

    class Meta:
        model = Question
        fields = ["category", "type", "difficulty", "language", "job_functions", "needs_check", "retired", "live"]


class QuestionForm(WagtailAdminModelForm):
    """The editor's form. It says in a sentence what a missing field is for."""

    required_messages = {
        "name": "Give it a name by which others find it in the bank.",
        "stem": "Say what is asked.",
        "body": "Choose a type, then say what is right.",
        "category": "Choose the category it belongs to, as a rule a job function.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, message in self.required_messages.items():
            if name in self.fields:
                self.fields[name].error_messages["required"] = message

    def _post_clean(self) -> None:
        """Refuse a question without words; a draft may be unfinished."""
        super()._post_clean()
        if not self.is_deferred_validation and "stem" in self.cleaned_data and not self.instance.asks_something():
            self.add_error("stem", self.required_messages["stem"])


class QuestionCopyView(CopyView):
    """The form of a new question, filled in like another one; what it sends goes where every new question goes."""

    # Sent to this address, it would write over the question that was to be copied.
    http_method_names = ["get", "head"]


class QuestionViewSet(SnippetViewSet):
    """The list of questions and their editor."""

    model = Question
    copy_view_class = QuestionCopyView
    icon = "help"
    menu_label = "Questions"
    list_display = [
        "name",
        Column("type_label", label="Type", sort_key="type"),
        "category",
        Column("difficulty", label="Difficulty", accessor="get_difficulty_display", sort_key="difficulty"),
        Column("note", label="Note"),
        UpdatedAtColumn(),
        LiveStatusTagColumn(),
    ]
    filterset_class = QuestionFilterSet
    list_per_page = 50
    ordering = ["category__name", "name"]
    edit_handler = TabbedInterface(
        [
            ObjectList([FieldPanel("stem"), FieldPanel("body"), FieldPanel("general_feedback")], heading="Question"),
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("category"),
                    FieldPanel("section", widget=section_chooser.widget_class),
                    FieldRowPanel([FieldPanel("difficulty"), FieldPanel("language")]),
                    FieldPanel("job_functions", widget=CheckboxSelectMultiple),
                    FieldPanel("tags"),
                    FieldPanel("needs_check"),
                    FieldPanel("retired"),
                ],
                heading="About it",
            ),
            ObjectList([PublishingPanel()], heading="Publishing"),
        ],
        base_form_class=QuestionForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """Return all questions with what the list shows of them."""
        # What its status column would ask for each question.
        states = Prefetch("workflow_states", WorkflowState.objects.active(), to_attr="_current_workflow_states")
        scheduled = Revision.objects.filter(approved_go_live_at__isnull=False)
        schedule = Prefetch("_revisions", scheduled, to_attr="scheduled_revisions")
        questions = Question.objects.select_related("category", "latest_revision__user").defer("body")
        return questions.prefetch_related(states, schedule)


class CategoryViewSet(SnippetViewSet):
    """The list of categories and their editor."""

    model = Category
    icon = "folder-open-inverse"
    menu_label = "Categories"
    list_display = ["name", "job_function"]
    search_fields = ["name"]


class AllowanceCreateView(CreateView):
    """The form of a new allowance."""

    def save_instance(self) -> Any:
        """Save who granted it along with it."""
        self.form.instance.granted_by = self.request.user
        return super().save_instance()


class AllowanceViewSet(SnippetViewSet):
    """The list of allowances and their editor."""

    model = Allowance
    icon = "time"
    menu_label = "Allowances"
    add_view_class = AllowanceCreateView
    list_display = ["learner", "quiz", "extra_attempts", "extra_minutes", "reason", "granted_by", "granted_at"]
    list_filter = ["quiz"]


class QuizzesViewSetGroup(SnippetViewSetGroup):
    """What belongs to quizzes."""

    items = (QuestionViewSet, CategoryViewSet, AllowanceViewSet)
    menu_label = "Question bank"
    menu_icon = "help"
    menu_order = 210
