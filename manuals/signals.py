"""What the library tells the apps above."""

from django.dispatch import Signal

# Sent inside the transaction that has set the portal up. Arguments: `home`, the root of the library; `workflow`, the
# review that content goes through.
portal_set_up = Signal()

# Sent when a page was published in which sections say something else than before, or are gone. Arguments: `page`;
# `anchors`, the addresses of those sections.
sections_changed = Signal()
