"""Learning paths and tasks in Wagtail's admin."""

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest
from wagtail.admin.ui.tables import BooleanColumn, Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.models import Revision
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.training.models import LearningPath, Task
from portal.training.path_panels import path_editor, task_editor


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


class TrainingViewSetGroup(SnippetViewSetGroup):
    """What paths are made of."""

    items = (LearningPathViewSet, TaskViewSet)
    menu_label = "Training paths"
    menu_icon = "list-ol"
    menu_order = 220
