"""Words that are everywhere and tell little apart. They are kept, and count for less."""

from manuals.small_words import ALL, ENGLISH, SPANISH

__all__ = ["ALL", "ENGLISH", "SPANISH", "WEIGHT"]

# How much one counts, as a share of a word that is none.
WEIGHT = 0.4
