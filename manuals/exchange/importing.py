"""Bringing a content folder into the library: whole, or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

from django.db import transaction
from wagtail.models import Page

from manuals import editions, tree
from manuals.exchange import body, folder, media, pages
from manuals.exchange.errors import ErrorsOf, FileError, ImportRefused
from manuals.exchange.folder import ContentFile, Folder
from manuals.exchange.job_functions import import_job_functions
from manuals.exchange.pages import LibraryPage
from manuals.exchange.references import References
from manuals.models import EditionedPage, EditionKind, PolicyPage, Section
from portal.people.models import User


@dataclass
class Summary:
    """What an import did, by the paths of the files."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    def add(self, path: str, is_new: bool, is_changed: bool = False) -> None:
        """Note what was done with a file."""
        (self.created if is_new else self.changed if is_changed else self.unchanged).append(path)

    def __str__(self) -> str:
        return f"{len(self.created)} added, {len(self.changed)} changed, {len(self.unchanged)} as they were."


@dataclass(frozen=True)
class Change:
    """What is stated about the edition that an import makes of a page. It is in force from today, or from `since`."""

    kind: EditionKind = EditionKind.MINOR
    summary: str = "Imported from files."
    since: date | None = None


IMPORTED = Change()


class _DryRun(Exception):
    """Takes back everything a dry run has written."""


def import_folder(
    root: Path,
    user: User | None = None,
    dry_run: bool = False,
    *,
    writer: User | None = None,
    change: Change = IMPORTED,
    changes: Mapping[str, Change] | None = None,
) -> Summary:
    """Import every file of a content folder and publish what is new or changed, in the name of `user`.

    The editions name `writer`, or else `user`, as who wrote them. What is stated about one is what `changes` holds for
    the path of its file; without that, a changed page's is a `change`, and a new page's is its first.

    Pages whose file says what they say already are left alone; pages without a file stay. With `dry_run` nothing is
    written, and the summary says what would be. Raises `ImportRefused`, with nothing written, where any file has an
    error, or a page to be changed has changes that are not published.
    """
    found = folder.read(root)
    run = _Import(found, user, writer or user, change, changes or {})
    with media.taken_back_on_failure() as files:
        try:
            with transaction.atomic():
                run.write(files)
                if run.errors:
                    raise ImportRefused(run.errors)
                if dry_run:
                    raise _DryRun
        except _DryRun:
            files.take_back()
    return run.summary


class _Import:
    """One run: reads the folder's files in the order in which they refer to each other."""

    def __init__(
        self,
        found: Folder,
        user: User | None,
        writer: User | None,
        change: Change,
        changes: Mapping[str, Change],
    ) -> None:
        self.folder = found
        self.user = user
        self.writer = writer
        self.change = change
        self.changes = changes
        self.errors: list[FileError] = list(found.errors)
        self.summary = Summary()
        self.references = References()
        self.known = pages.Known(self.references)

    def write(self, files: media.SavedFiles) -> None:
        """Write everything, collecting errors all the way, so that one run names them all."""
        self._write_job_functions()
        self._write_media(files)
        policies = self.folder.of_kind("policy")
        new_policies = {file.path: self._reserve(file, place) for place, file in enumerate(policies)}
        self.references.forget()
        for file in policies:
            self._write_page(file, tree.policy_index(), new_policies[file.path])
        for file in self.folder.of_kind("answer"):
            self._write_page(file, tree.answer_index())
        manuals = {file.manual: self._write_page(file, tree.manual_index()) for file in self.folder.of_kind("manual")}
        for name, manual in manuals.items():
            chapters = [file for file in self.folder.of_kind("chapter") if file.manual == name]
            written = [self._write_page(file, manual) for file in chapters]
            if not chapters and not Page.objects.child_of(manual).live().exists():
                self.errors.append(
                    FileError(f"manuals/{name}/{folder.MANUAL}", 0, "A manual needs at least one chapter.")
                )
            _put_in_order(written)
        _put_in_order(list(manuals.values()))

    def _write_job_functions(self) -> None:
        """Bring in the list of job functions."""
        file = self.folder.job_functions
        if file is None:
            return
        with self._collecting(file.errors):
            is_new, is_changed = import_job_functions(file)
        self.summary.add(file.path, is_new, is_changed)

    def _write_media(self, files: media.SavedFiles) -> None:
        """Bring in images and documents."""
        for path in self.folder.media:
            name = f"{folder.MEDIA}/{path.name}"
            errors = ErrorsOf(name)
            with self._collecting(errors):
                is_new = media.import_file(path, files, self.user, errors)
            self.summary.add(name, is_new)

    def _reserve(self, file: ContentFile, place: int) -> PolicyPage | None:
        """Make the addresses of a policy's sections, so that any file may refer to them.

        Returns the page where it is new, not published and without a body yet.
        """
        policy = PolicyPage.objects.child_of(tree.policy_index()).filter(slug=file.slug).first()
        new = None
        if policy is None:
            policy = new = PolicyPage(
                # A code that no policy can have; the real one is set as the page is filled.
                title=file.slug, slug=file.slug, code=f"?{place}", source="-", effective_date="2000-01-01", live=False,
            )  # fmt: skip
            tree.policy_index().add_child(instance=policy)
        sections = body.split(file.front.body, file.front.body_line, ErrorsOf(file.path))
        Section.objects.bulk_create(
            [Section(page=policy, anchor=section.anchor[:64], heading=section.heading[:150]) for section in sections],
            ignore_conflicts=True,
        )
        Section.objects.filter(page=policy, anchor__in=[s.anchor for s in sections], retired=True).update(retired=False)
        return new

    def _write_page(self, file: ContentFile, parent: Page, new: LibraryPage | None = None) -> LibraryPage:
        """Add, change or leave alone the page of a file, and return it."""
        model = pages.MODELS[file.kind]
        page = new or model.objects.child_of(parent).filter(slug=file.slug).first()
        is_new = page is None or page is new
        page = page or model(live=True)
        before = "" if is_new else pages.write(page, self.known)
        with self._collecting(file.errors):
            pages.fill(page, file, self.known)
        if file.errors.found:
            # The chapters below still need a place to be looked at; all of it is taken back in the end.
            if page.pk is None:
                page = model(title=file.slug, slug=file.slug, live=False)
                parent.add_child(instance=page)
            return page
        if is_new:
            publish(page, parent, self.writer, self.user, self.changes.get(file.path))
            self.summary.add(file.path, is_new=True)
        elif pages.write(page, self.known) == before and page.live:
            self.summary.add(file.path, is_new=False)
        elif page.has_unpublished_changes:
            self.errors.append(
                FileError(
                    file.path,
                    0,
                    "The page has changes that are not published. Publish or discard them first.",
                )
            )
        else:
            publish(page, parent, self.writer, self.user, self.changes.get(file.path, self.change))
            self.summary.add(file.path, is_new=False, is_changed=True)
        return page

    @contextmanager
    def _collecting(self, errors: ErrorsOf) -> Iterator[None]:
        """Keep what is added to a file's errors."""
        yield
        self.errors += errors.found


def publish(
    page: LibraryPage, parent: Page, writer: User | None, approver: User | None, change: Change | None = None
) -> None:
    """Publish a filled page as the editor does, so that everything that follows publishing happens."""
    if page.pk is None:
        parent.add_child(instance=page)
    if change and isinstance(page, EditionedPage):
        page.change_kind, page.change_summary = change.kind, change.summary
    with editions.effective_from(change.since) if change and change.since else nullcontext():
        revision = page.save_revision(user=writer, log_action=True)
        revision.publish(user=approver, log_action=True)
    page.refresh_from_db(fields=["live", "has_unpublished_changes"])


def _put_in_order(siblings: list[LibraryPage]) -> None:
    """Move pages behind one another where they do not stand in this order; others keep their places."""
    paths = [Page.objects.values_list("path", flat=True).get(pk=page.pk) for page in siblings]
    if paths == sorted(paths):
        return
    for before, page in pairwise(siblings):
        Page.objects.get(pk=page.pk).move(Page.objects.get(pk=before.pk), pos="right")
