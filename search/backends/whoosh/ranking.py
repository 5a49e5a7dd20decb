"""How a match is scored: Okapi BM25 in each field, times the field's boost, added up over fields and words.

That is what Whoosh calls BM25F. Two things differ from `whoosh.scoring.BM25F`: how rare a word is and how long a field
is on average are taken over the documents that can have the field, not over everything in the index, so that a thousand
images do not change how pages rank; and the rarity is that of Robertson and Spärck Jones as Lucene smooths it, which
comes close to nothing for the words that are everywhere and are here never left out.
"""

from array import array
from collections.abc import Sequence
from math import log

# S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3.
K1 = 1.6
B = 0.75


def rarity(having: int, documents: int) -> float:
    """Return the weight of a word that `having` of so many documents have; always above 0."""
    return log(1 + (max(documents - having, 0) + 0.5) / (having + 0.5))


def highest(having: int, documents: int) -> float:
    """Return what the score of a word comes close to in a document that says nothing else."""
    return rarity(having, documents) * (K1 + 1)


def scores(weight: float, frequencies: Sequence[float], lengths: Sequence[int], average: float) -> "array[float]":
    """Return the score of each document that has a word in a field.

    `frequencies` are how often the documents have it, `lengths` how many words the field has in them
    and `average` on average.
    """
    short, long = K1 * (1 - B), K1 * B / (average or 1.0)
    scale = weight * (K1 + 1)
    return array(
        "f",
        [
            scale * frequency / (frequency + short + long * length)
            for frequency, length in zip(frequencies, lengths, strict=True)
        ],
    )
