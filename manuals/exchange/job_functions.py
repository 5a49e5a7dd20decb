"""The list of job functions as a file."""

from typing import Any

from manuals.exchange import front_matter
from manuals.exchange.folder import JOB_FUNCTIONS, ContentFile
from manuals.exchange.schema import POSITIONS
from manuals.models import JobFunction
from manuals.models.job_function import NAME_LENGTH, SLUG_LENGTH


def import_job_functions(file: ContentFile) -> tuple[bool, bool]:
    """Bring in the list, and return whether it is the first, and whether anything changed.

    Functions that are not in it stay, and keep their place.
    """
    wanted = _read(file)
    if file.errors.found:
        return False, False
    known = {function.slug: function for function in JobFunction.objects.all()}
    is_first, is_changed = not known, False
    for order, (slug, name, position) in enumerate(wanted, start=1):
        function = known.get(slug) or JobFunction(slug=slug)
        if slug not in known or (function.name, function.position, function.order) != (name, position, order):
            function.name, function.position, function.order = name, position, order
            function.save()
            is_changed = True
    return is_first, is_changed


def _read(file: ContentFile) -> list[tuple[str, str, str]]:
    """Return slug, name and position of each function. Adds an error for each that cannot be."""
    for name in file.front.values:
        if name != "job_functions":
            file.errors.add(
                file.front.line_of(name), f"“{name}” is not a key of {JOB_FUNCTIONS}. Known: job_functions."
            )
    items: Any = file.front.values.get("job_functions")
    if not isinstance(items, list) or not items:
        file.errors.add(
            file.front.line_of("job_functions"), "“job_functions” must be a list of slug, name and position."
        )
        return []
    found: list[tuple[str, str, str]] = []
    for place, item in enumerate(items):
        line = file.front.line_of("job_functions", place)
        if not isinstance(item, dict) or set(item) != {"slug", "name", "position"}:
            file.errors.add(line, "A job function has slug, name and position, and nothing else.")
            continue
        slug, name, position = (front_matter.as_text(item[key]) or "" for key in ("slug", "name", "position"))
        if position not in POSITIONS:
            file.errors.add(line, f"“{position}” is not a position. Known: {', '.join(POSITIONS)}.")
        if slug in {other for other, _, _ in found}:
            file.errors.add(line, f"“{slug}” is there twice.")
        for key, value, limit in (("slug", slug, SLUG_LENGTH), ("name", name, NAME_LENGTH)):
            if not value or len(value) > limit:
                file.errors.add(line, f"“{key}” must be text of 1 to {limit} characters.")
        if slug and not all(part.isalnum() and part.isascii() for part in slug.split("-")):
            file.errors.add(line, f"The slug “{slug}” may have letters, digits and hyphens only.")
        found.append((slug, name, position))
    return found


def write() -> str:
    """Return the list as a file's text."""
    items = [
        {"slug": function.slug, "name": function.name, "position": function.position}
        for function in JobFunction.objects.all()
    ]
    return front_matter.write({"job_functions": items}, "")
