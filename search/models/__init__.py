"""What search keeps: the words that mean the same, the questions it must answer, and what was asked."""

from search.models.golden import GoldenQuestion
from search.models.log import SearchChoice, SearchQuery
from search.models.synonyms import SynonymGroup

__all__ = ["GoldenQuestion", "SearchChoice", "SearchQuery", "SynonymGroup"]
