"""What quizzes tell the apps above."""

from django.dispatch import Signal

# Sent after the commit that marked an attempt to its end, or changed its result. Argument: `attempt`.
attempt_marked = Signal()
