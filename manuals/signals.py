"""What the library tells the apps above."""

from django.dispatch import Signal

# Sent inside the transaction that has set the portal up. Arguments: `home`, the root of the library; `workflow`, the
# review that content goes through.
portal_set_up = Signal()

# Sent inside the transaction that has recorded an edition: at publishing, at scheduling for a day to come, and when a
# page was taken down. Arguments: `page`; `edition`; `anchors`, the addresses of the sections that say something else
# than in the edition before, or are gone.
edition_published = Signal()
