"""Loading what the sample city's policies and answers said before, and what they will say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePosixPath

import yaml
from django.utils import timezone
from wagtail.models import Page

from manuals import tree
from manuals.exchange import folder, front_matter, importing, pages
from manuals.exchange.errors import ErrorsOf, ImportRefused
from manuals.exchange.folder import ContentFile, Folder
from manuals.exchange.importing import Change, Summary
from manuals.exchange.job_functions import import_job_functions
from manuals.exchange.references import References
from manuals.models import AnswerPage, EditionKind, PolicyPage
from portal.people.models import User

HISTORY = Path(__file__).parent / "history"
CONTENTS = "history.yaml"
PLANNED = "planned"
NOTICE = timedelta(days=30)


@dataclass(frozen=True)
class Past:
    """A line of the history: from which day a page said what."""

    path: str
    change: Change
    since: date
    file: Path
    is_planned: bool = False
    is_library: bool = False

    @property
    def kind(self) -> str:
        """The kind of the page."""
        return folder.KINDS[PurePosixPath(self.path).parts[0]]

    @property
    def slug(self) -> str:
        """The slug of the page."""
        return PurePosixPath(self.path).stem


class History:
    """The history of those pages of the library that are not on the portal yet.

    Loading goes `bring_in_past`, then the library itself with `changes`, then `plan`. Call them in one transaction.
    """

    def __init__(self, library: Path, writer: User, approver: User, today: date | None = None) -> None:
        self.today = today or timezone.localdate()
        self.library = folder.read(library)
        self.writer = writer
        self.approver = approver
        self.known = pages.Known(References())
        present = {
            *(f"policies/{slug}.md" for slug in PolicyPage.objects.values_list("slug", flat=True)),
            *(f"answers/{slug}.md" for slug in AnswerPage.objects.values_list("slug", flat=True)),
        }
        self.new = {file.path for file in self.library.pages if file.kind in folder.KINDS.values()} - present
        self.lines = [line for line in _lines(self.today) if line.path in self.new]
        self.came_first = {line.path for line in self.lines}

    def bring_in_past(self) -> None:
        """Publish what the pages said before, each from its day. Raises `ImportRefused`."""
        if self.library.errors:
            raise ImportRefused(self.library.errors)
        if self.lines and self.library.job_functions:
            # The pages name them.
            is_first, _ = import_job_functions(self.library.job_functions)
            self.came_first |= {folder.JOB_FUNCTIONS} if is_first else set()
        for line in sorted(self.lines, key=lambda line: (line.since, line.kind != "policy")):
            if not (line.is_planned or line.is_library):
                page = self._filled(line)
                importing.publish(page, _parent(page), self.writer, self.approver, line.change)
                self.known.references.forget()

    def changes(self) -> dict[str, Change]:
        """Return what is stated about the pages of the library as it is imported, by the paths of their files.

        An answer without a history is in force since the last of the policies it rests on.
        """
        dated = {
            file.path: Change(EditionKind.MAJOR, "First edition.", since)
            for file in self.library.of_kind("answer")
            if file.path in self.new and (since := _since_its_policies(file, self.library, self.today))
        }
        return dated | {line.path: line.change for line in self.lines if line.is_library}

    def count_as_added(self, summary: Summary) -> None:
        """Have the summary of the library's import say that it added what was there only because history came first."""
        for paths in (summary.changed, summary.unchanged):
            summary.created += [path for path in paths if path in self.came_first]
            paths[:] = [path for path in paths if path not in self.came_first]

    def plan(self) -> None:
        """Schedule what is to come. Raises `ImportRefused`."""
        for line in self.lines:
            if line.is_planned:
                page = self._filled(line)
                page.go_live_at = timezone.make_aware(datetime.combine(line.since, time()))
                importing.publish(page, _parent(page), self.writer, self.approver, line.change)

    def _filled(self, line: Past) -> PolicyPage | AnswerPage:
        """Return the page of a line, as it is or new, with what it says from that day."""
        model = PolicyPage if line.kind == "policy" else AnswerPage
        page = model.objects.filter(slug=line.slug).first() or model(live=True)
        errors = ErrorsOf(line.file.relative_to(HISTORY.parent).as_posix())
        front = front_matter.read(line.file.read_text(encoding="utf-8"), errors)
        if front:
            if line.kind == "policy":
                front.values["effective_date"] = line.since
            pages.fill(page, ContentFile(line.path, line.kind, line.slug, front, errors), self.known)
        if errors.found:
            raise ImportRefused(errors.found)
        return page


def first_of_a_month(today: date) -> date:
    """Return the day from which the planned editions are in force: a first of the month, at least 30 days away."""
    soonest = today + NOTICE
    return soonest if soonest.day == 1 else (soonest.replace(day=1) + timedelta(days=31)).replace(day=1)


def _lines(today: date) -> Iterator[Past]:
    """Yield the lines of the history. A day that is still to come on this machine's calendar is taken for today."""
    for path, editions in yaml.safe_load((HISTORY / CONTENTS).read_text(encoding="utf-8")).items():
        for row in editions:
            is_planned = row["from"] == PLANNED
            since = first_of_a_month(today) if is_planned else min(row["from"], today)
            file = HISTORY / path.removesuffix(".md") / f"{row['from']}.md"
            # What is planned is in force from the day of its schedule.
            change = Change(
                EditionKind(row.get("kind", EditionKind.MAJOR)), row["summary"], None if is_planned else since
            )
            yield Past(path, change, since, file, is_planned, is_library=row.get("text") == "library")


def _parent(page: PolicyPage | AnswerPage) -> Page:
    return tree.policy_index() if isinstance(page, PolicyPage) else tree.answer_index()


def _since_its_policies(file: ContentFile, library: Folder, today: date) -> date | None:
    """Return the day since which every policy that an answer rests on says what it says."""
    names = {str(name).partition("#")[0] for name in file.front.values.get("policies") or []}
    days = [policy.front.values.get("effective_date") for policy in library.of_kind("policy") if policy.slug in names]
    found = [day for day in days if isinstance(day, date)]
    return min(max(found), today) if found else None
