"""A search backend for django-modelsearch on Whoosh; `BACKEND: "search.backends.whoosh"` chooses it."""

from search.backends.whoosh.backend import WhooshSearchBackend

SearchBackend = WhooshSearchBackend

__all__ = ["SearchBackend", "WhooshSearchBackend"]
