"""What training tells itself and the apps above of evidence that is written many rows at once."""

from django.dispatch import Signal

# Sent inside the transaction that recorded that a person read sections of a page. Arguments: `person`, `page`.
sections_read = Signal()

# Sent inside the transaction that confirmed where people were. Argument: `people`, those who have a new record.
attendance_confirmed = Signal()
