"""One part of the bench, in a process of its own: `python -m tests.bench.part NAME …` prints its figures as JSON."""

import json
import sys
from pathlib import Path
from typing import Any

import django


def main(name: str, *words: str) -> Any:
    """Do one part in the portal that PORTAL_VAR_DIR names."""
    django.setup()
    from search import beir
    from tests.bench import as_of, latency, portal, relevance, workers

    match name:
        case "make":
            return portal.make(int(words[0]))
        case "golden":
            return relevance.of_golden_questions()
        case "collection":
            portal.make_empty()
            try:
                return relevance.of_collection(Path(words[0]))
            except beir.CollectionError as error:
                sys.exit(str(error))
        case "latency":
            return latency.of(words[0])
        case "supersede":
            return as_of.supersede()
        case "as_of":
            return as_of.of(*words)
        case "publish":
            return workers.publish()
        case "memory":
            return workers.memory()
        case "watch":
            return workers.watch()
    raise ValueError(name)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])) + "\n")
