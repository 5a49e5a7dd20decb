"""How long a text takes to read."""

import math

# Silent reading of English non-fiction, adults: 238 words a minute (Brysbaert 2019, J. Memory and Language 109).
# New hires read to learn, with steps to picture; we count with 200.
WORDS_PER_MINUTE = 200


def minutes(words: int | None) -> int:
    """Return whole minutes to read that many words: at least 1, and 1 for an unknown number."""
    return max(1, math.ceil((words or 0) / WORDS_PER_MINUTE))
