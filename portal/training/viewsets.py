"""Learning paths and tasks in Wagtail's admin."""

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from wagtail.admin.ui.tables import BooleanColumn, Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.models import Revision
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.training.models import LearningPath, ReadinessRule, Task
from portal.training.path_panels import path_editor, task_editor
from portal.training.readiness_panels import rule_editor


class LearningPathViewSet(SnippetViewSet):
    """The list of learning paths and their editor."""

    model = LearningPath
    icon = "list-ol"
    menu_label = "Learning paths"
    # A copy would keep the keys of its steps, on which attendances and waivers hang.
    copy_view_enabled = False
    list_display = [
        "title",
        Column("position", label="For", accessor="get_position_display", sort_key="position"),
        Column("people", label="People on it", accessor="people", sort_key="people"),
        UpdatedAtColumn(),
        LiveStatusTagColumn(),
    ]
    list_filter = ["position", "live"]
    list_per_page = 50
    ordering = ["title"]
    edit_handler = path_editor()

    def get_queryset(self, request: HttpRequest) -> QuerySet[LearningPath]:
        """Return all paths with what the list shows of them."""
        # What its status column would ask for each path.
        scheduled = Revision.objects.filter(approved_go_live_at__isnull=False)
        schedule = Prefetch("_revisions", scheduled, to_attr="scheduled_revisions")
        people = Count("enrolments", filter=Q(enrolments__left_at__isnull=True))
        paths = LearningPath.objects.select_related("latest_revision__user").defer("contents")
        return paths.prefetch_related(schedule).annotate(people=people)


class TaskViewSet(SnippetViewSet):
    """The list of tasks and their editor."""

    model = Task
    icon = "clipboard-list"
    menu_label = "Tasks to sign off"
    copy_view_enabled = False
    list_display = [
        "title",
        Column("times", label="Times", accessor="times", sort_key="times"),
        Column("minutes", label="Minutes each", accessor="minutes", sort_key="minutes"),
        BooleanColumn("retired", label="Retired", sort_key="retired"),
        UpdatedAtColumn(),
    ]
    list_filter = ["retired", "job_functions"]
    list_per_page = 50
    ordering = ["title"]
    edit_handler = task_editor()


class ReadinessRuleViewSet(SnippetViewSet):
    """The list of the rules of readiness and their editor."""

    model = ReadinessRule
    icon = "check"
    menu_label = "Readiness rules"
    copy_view_enabled = False
    list_display = [
        Column("holds_for", label="Holds for", accessor=lambda rule: rule.job_function or "Every other function"),
        Column("read", label="Read, alone", accessor="alone_read"),
        Column("mark", label="Quizzes, alone", accessor="alone_mark"),
        Column("signed", label="Signed off, alone", accessor="alone_signed"),
        Column("to_move_up", label="To move up", accessor="get_to_move_up_display"),
        UpdatedAtColumn(),
    ]
    list_per_page = 50
    edit_handler = rule_editor()

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReadinessRule]:
        """Return all rules, the general one first, with their functions."""
        return ReadinessRule.objects.select_related("job_function")


class TrainingViewSetGroup(SnippetViewSetGroup):
    """What paths are made of, and when somebody can do a function."""

    items = (LearningPathViewSet, TaskViewSet, ReadinessRuleViewSet)
    menu_label = "Training paths"
    menu_icon = "list-ol"
    menu_order = 220
