"""Measure the answer search."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import beir, evaluation, golden


class Command(BaseCommand):
    """Argument parsing around `search.evaluation` and `search.golden`."""

    help = "Measure the answer search on a test collection in BEIR's layout, or on the portal's golden questions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the collection or --golden, and how to print."""
        parser.add_argument("folder", type=Path, nargs="?", help="corpus.jsonl, queries.jsonl, qrels.tsv")
        parser.add_argument("--golden", action="store_true", help="the portal's own golden questions")
        parser.add_argument(
            "--asked-as", type=float, default=0.0, metavar="FRACTION", help="index this share as other wordings"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure and print, or say why not."""
        if options["golden"] == bool(options["folder"]):
            raise CommandError("Name the folder of a test collection, or --golden.")
        if not 0 <= options["asked_as"] < 1:
            raise CommandError("--asked-as is a share from 0 to below 1.")
        try:
            if options["golden"]:
                report = golden.evaluate()
            else:
                report = evaluation.evaluate(beir.read(options["folder"]), options["asked_as"])
        except (beir.CollectionError, golden.NoQuestions, ValueError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(report.figures()) if options["json"] else str(report))
        if options["golden"] and not options["json"]:
            for outcome in report.outcomes:
                if outcome.place != 1:
                    self.stdout.write(f"{outcome.place or '–':>3}  {outcome.question}")
