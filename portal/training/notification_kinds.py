"""The kinds of things that training tells people, each of which they can turn off unless the city says otherwise."""

from portal.notifications import kinds
from portal.notifications.kinds import Kind

ASSIGNED = "assigned"
DUE_SOON = "due_soon"
OVERDUE = "overdue"
MARKED = "marked"
CERTIFICATE = "certificate"
CHANGED = "changed"

KINDS = (
    Kind(ASSIGNED, "New learning path", "When you come onto a learning path."),
    Kind(DUE_SOON, "Due soon", "Two working days before a step of your path is due."),
    Kind(OVERDUE, "Overdue", "When a step of your path was due and is not done."),
    Kind(MARKED, "Marked", "When somebody has marked your written answers in a quiz."),
    Kind(
        CERTIFICATE,
        "Certificates",
        "When you earn a certificate, when it can be renewed, and a week before it expires.",
    ),
    Kind(CHANGED, "Changed content", "When something changes that you have read for your path."),
)


def register() -> None:
    """Let people be told these; called once when the app is ready."""
    kinds.register(*KINDS)
