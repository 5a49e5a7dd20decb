"""The search backend, and its settings."""

import os
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from modelsearch.backends.base import BaseSearchBackend

from search.backends.whoosh.compiler import AutocompleteQueryCompiler, SearchQueryCompiler
from search.backends.whoosh.folder import IndexFolder
from search.backends.whoosh.index import WhooshIndex, WhooshRebuilder
from search.backends.whoosh.mapping import Analysis, catalogue
from search.backends.whoosh.readers import Readers
from search.backends.whoosh.results import WhooshSearchResults

# Seconds a save waits while another process writes; what then still waits is written by that process.
DEFAULT_LOCK_TIMEOUT = 5.0

_opened: dict[tuple[Path, Analysis, float], tuple[IndexFolder, Readers]] = {}
_opening = Lock()


def _forget_after_fork() -> None:
    """Let a forked process open its own: the locks it inherited may be held by threads it does not have."""
    global _opening
    _opening = Lock()
    _opened.clear()


os.register_at_fork(after_in_child=_forget_after_fork)


class WhooshSearchBackend(BaseSearchBackend):
    """Searches a Whoosh index in one folder.

    Settings:

    PATH          the folder, on a local disk; made when first written to
    LANGUAGE      the language text is stemmed in, "en" unless set; None for no stemming
    ANALYZER      dotted path of a function that takes a language and returns a Whoosh analyzer, in place of ours
    LOCK_TIMEOUT  seconds a save waits for another process that writes, 5 unless set
    """

    query_compiler_class = SearchQueryCompiler
    autocomplete_query_compiler_class = AutocompleteQueryCompiler
    index_class = WhooshIndex
    results_class = WhooshSearchResults
    rebuilder_class = WhooshRebuilder
    catch_indexing_errors = True

    def __init__(self, params: Mapping[str, Any]) -> None:
        super().__init__(params)
        if not params.get("PATH"):
            raise ImproperlyConfigured(
                "The search backend search.backends.whoosh needs a PATH, the folder of its index."
            )
        path = Path(params["PATH"]).absolute()
        analysis = Analysis(params.get("LANGUAGE", "en"), params.get("ANALYZER"))
        self.folder, self.readers = _open(path, analysis, float(params.get("LOCK_TIMEOUT", DEFAULT_LOCK_TIMEOUT)))

    def _search(self, query_compiler_class: Any, query: Any, model_or_queryset: Any, **kwargs: Any) -> Any:
        def compiler(queryset: Any, query: Any, **options: Any) -> SearchQueryCompiler:
            made: SearchQueryCompiler = query_compiler_class(
                queryset, query, catalogue=self.folder.catalogue, **options
            )
            return made

        return super()._search(compiler, query, model_or_queryset, **kwargs)


def _open(path: Path, analysis: Analysis, lock_timeout: float) -> tuple[IndexFolder, Readers]:
    """Return what this process has open of an index; a backend is made anew for every search."""
    with _opening:
        opened = _opened.get((path, analysis, lock_timeout))
        if opened is None:
            folder = IndexFolder(path, catalogue(analysis), lock_timeout)
            opened = _opened[path, analysis, lock_timeout] = (folder, Readers(folder))
        return opened
