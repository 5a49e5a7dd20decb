"""What quizzes do when the library changes."""

from typing import Any

from django.db.models.signals import post_migrate
from wagtail.models import Page

from manuals.models import Edition, EditionKind
from manuals.signals import edition_published, portal_set_up
from quizzes.models import Question


def ask_for_a_look(sender: type[Page], page: Page, edition: Edition, anchors: set[str], **kwargs: Any) -> None:
    """Mark the questions about sections that say something else in a major edition, drafts of them included."""
    if edition.kind == EditionKind.MINOR:
        return
    about = Question.objects.filter(section__page_id=page.pk, section__anchor__in=anchors)
    about.update(needs_check=True)
    for question in about.filter(has_unpublished_changes=True):
        # Published later, it would take the mark away.
        draft = question.get_latest_revision_as_object()
        draft.needs_check = True
        draft.save_revision(clean=False)


def connect(app: Any) -> None:
    """Connect the handlers; called once when the app is ready."""
    from quizzes import permissions, setup

    post_migrate.connect(permissions.ensure, sender=app, dispatch_uid="quizzes.permissions")
    portal_set_up.connect(setup.ensure, dispatch_uid="quizzes.setup")
    edition_published.connect(ask_for_a_look, dispatch_uid="quizzes.ask_for_a_look")
