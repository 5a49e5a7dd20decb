"""Our search measured beside others: `make bench`."""

# Seconds after which a single search is given up.
GIVE_UP_AFTER = 60.0
