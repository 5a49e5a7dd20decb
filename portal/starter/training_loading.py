"""Loading the sample city's learning paths and the tasks on them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml
from wagtail.log_actions import LogContext
from wagtail.models import Page
from wagtail.search.backends import get_search_backends

from manuals.models import ChapterPage, JobFunction, ManualPage, PolicyPage
from portal.people.models import User
from portal.training.models import CountsFrom, Kind, LearningPath, Opens, Task, TaskItem
from quizzes.models import QuizPage

PATHS = Path(__file__).parent / "training"
OPTIONS = {"due", "opens", "optional", "note", "minutes", "mark", "renews"}
# What can be asked for again, to renew a certificate.
RENEWING = {Kind.QUIZ, Kind.TASK, Kind.ATTEND}
# What a file may state of the certificate that its path gives; the model says what holds where it does not.
CERTIFICATE = ("gives_certificate", "valid_months", "renewal_days")


class PathsRefused(Exception):
    """A starter path has steps that cannot be. The message names the file and each of them."""


@dataclass(frozen=True)
class PathFile:
    """A learning path and its tasks as a file has them."""

    slug: str
    row: Mapping[str, Any]

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """The tasks that it brings."""
        return list(self.row.get("tasks", []))

    @property
    def steps(self) -> list[tuple[Kind, str, dict[str, Any]]]:
        """The steps of all stages: what each asks for, by which name, and its row."""
        return [_step(row) for stage in self.row["stages"] for row in stage["steps"]]


def read() -> list[PathFile]:
    """Return the starter paths by slug."""
    return [
        PathFile(path.stem, yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(PATHS.glob("*.yaml"))
    ]


def load(writer: User, publisher: User) -> None:
    """Bring in the tasks and the paths that are missing, and publish these; those that are there stay as they are.

    The library and the quizzes must be there, since steps name them. Call it inside a transaction. Raises
    `PathsRefused`. Two queries where nothing is missing.
    """
    files = read()
    _load_tasks([row for file in files for row in file.tasks])
    known = set(LearningPath.objects.values_list("slug", flat=True))
    missing = [file for file in files if file.slug not in known]
    if not missing:
        return
    keys = _keys(missing)
    errors = [
        f"{file.slug}.yaml: there is no {kind} “{name}”."
        for file in missing
        for kind, name, _ in file.steps
        if kind != Kind.ATTEND and (kind, name) not in keys
    ]
    errors += [
        f"{file.slug}.yaml: {kind} “{name}” cannot renew a certificate; a quiz, a task or an attendance can."
        for file in missing
        for kind, name, row in file.steps
        if "renews" in row and kind not in RENEWING
    ]
    if errors:
        raise PathsRefused("\n".join(errors))
    for file in missing:
        path = LearningPath(
            slug=file.slug,
            title=file.row["title"],
            position=file.row["position"],
            introduction=file.row["introduction"],
            enrols_position=file.row.get("enrols_position", False),
            counts_from=file.row.get("counts_from", CountsFrom.HIRE),
            **{name: file.row[name] for name in CERTIFICATE if name in file.row},
            contents=[_stage(file.slug, number, stage, keys) for number, stage in enumerate(file.row["stages"], 1)],
            live=False,
        )
        path.save()
        with LogContext(user=publisher):
            path.save_revision(user=writer).publish(user=publisher, skip_permission_checks=True)


def _load_tasks(rows: Iterable[dict[str, Any]]) -> None:
    """Bring in the tasks that are missing (one query where none is, eight otherwise)."""
    known = set(Task.objects.values_list("slug", flat=True))
    new = [row for row in rows if row["slug"] not in known]
    if not new:
        return
    functions = dict(JobFunction.objects.values_list("slug", "pk"))
    names = ("slug", "title", "description", "times", "minutes")
    tasks = Task.objects.bulk_create(Task(**{name: row[name] for name in names if name in row}) for row in new)
    TaskItem.objects.bulk_create(
        TaskItem(task=task, text=text, sort_order=place)
        for task, row in zip(tasks, new, strict=True)
        for place, text in enumerate(row["checklist"])
    )
    through = Task.job_functions.through
    through.objects.bulk_create(
        through(task=task, jobfunction_id=functions[slug])
        for task, row in zip(tasks, new, strict=True)
        for slug in row.get("job_functions", [])
    )
    # What is created in bulk sends no signal by which the index would hear of it.
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(Task, tasks)


def _keys(files: Iterable[PathFile]) -> dict[tuple[Kind, str], int]:
    """Return the primary keys of everything that a step can ask for, by kind and name in the files (six queries)."""
    asked = {(kind, name) for file in files for kind, name, _ in file.steps}
    slugs = {kind: {name for own, name in asked if own == kind} for kind in Kind}
    manuals = dict(ManualPage.objects.values_list("path", "slug"))
    found: dict[tuple[Kind, str], int] = {}
    for key, place, slug in ChapterPage.objects.live().values_list("pk", "path", "slug"):
        found[Kind.CHAPTER, f"{manuals.get(place[: -Page.steplen], '')}/{slug}"] = key
    for kind, model in ((Kind.MANUAL, ManualPage), (Kind.POLICY, PolicyPage), (Kind.QUIZ, QuizPage)):
        for key, slug in model.objects.live().filter(slug__in=slugs[kind]).values_list("pk", "slug"):
            found[kind, slug] = key
    for key, slug in Task.objects.filter(slug__in=slugs[Kind.TASK]).values_list("pk", "slug"):
        found[Kind.TASK, slug] = key
    return found


def _step(row: dict[str, Any]) -> tuple[Kind, str, dict[str, Any]]:
    """Return what a step asks for, by which name, and its row."""
    [kind] = row.keys() - OPTIONS
    return Kind(kind), str(row[kind]), row


def _stage(path: str, number: int, stage: dict[str, Any], keys: Mapping[tuple[Kind, str], int]) -> dict[str, Any]:
    """Return a stage of a file as the stream field stores it. The same step has the same key on every portal."""
    steps = []
    for row in stage["steps"]:
        kind, name, _ = _step(row)
        value: dict[str, Any] = {
            "optional": row.get("optional", False),
            "due_days": row.get("due"),
            "opens": row.get("opens", Opens.AT_ONCE.value),
            "note": row.get("note", ""),
        }
        if kind == Kind.ATTEND:
            value |= {"title": name, "minutes": row["minutes"]}
        elif kind == Kind.TASK:
            value["task"] = keys[kind, name]
        else:
            value["page"] = keys[kind, name]
        if kind == Kind.QUIZ:
            value |= {"mark": row.get("mark"), "minutes": row["minutes"]}
        if kind in RENEWING:
            value["renews"] = row.get("renews", False)
        steps.append({"type": kind.value, "id": str(uuid5(NAMESPACE_URL, f"{path}/{kind}/{name}")), "value": value})
    own = {"title": stage["title"], "steps": steps}
    return {"type": "stage", "id": str(uuid5(NAMESPACE_URL, f"{path}/{number}")), "value": own}
