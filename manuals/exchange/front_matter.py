"""The YAML between two lines of `---` that a content file starts with."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml

from manuals.exchange.errors import ErrorsOf

FENCE = "---"


@dataclass
class FrontMatter:
    """The values of a file's front matter, and where each stands. Lines count from 1, in the file."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    item_lines: dict[str, list[int]] = field(default_factory=dict)
    body: str = ""
    body_line: int = 1

    def line_of(self, key: str, item: int | None = None) -> int:
        """Return the line of a key, or of one item of its list; 1 for a key that is missing."""
        if item is not None and item < len(self.item_lines.get(key, [])):
            return self.item_lines[key][item]
        return self.lines.get(key, 1)


class _Dumper(yaml.SafeDumper):
    """Writes lists indented under their key, as people write them, and long text on one line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def read(text: str, errors: ErrorsOf) -> FrontMatter | None:
    """Return the front matter and the body of a file's text; None, with the errors added, where it has none."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        errors.add(
            1,
            "This file has no front matter: start it with a line of ---, then title: and the rest, then ---.",
        )
        return None
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.rstrip() == FENCE), None)
    if end is None:
        errors.add(1, "The front matter has no end: put a line of --- after it.")
        return None
    found = FrontMatter(body="\n".join(lines[end + 1 :]), body_line=end + 2)
    return found if _read_values("\n".join(lines[1:end]), found, errors) else None


def _read_values(text: str, found: FrontMatter, errors: ErrorsOf) -> bool:
    """Fill in the values and their lines; return whether the YAML could be read."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return True
        if not isinstance(node, yaml.MappingNode):
            errors.add(2, "The front matter must be lines of “key: value”.")
            return False
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 2
            if name in found.lines:
                errors.add(line, f"“{name}” is there twice.")
            found.lines[name] = line
            if isinstance(value, yaml.SequenceNode):
                found.item_lines[name] = [item.start_mark.line + 2 for item in value.value]
        found.values = {str(key): value for key, value in loader.construct_document(node).items()}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or "it is not YAML").strip()
        errors.add(
            mark.line + 2 if mark else 2,
            f"The front matter cannot be read: {problem}. A text with a colon or quotes in it goes between quotes.",
        )
        return False
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        errors.add(2, f"The front matter cannot be read: {error}.")
        return False
    finally:
        loader.dispose()
    return True


def as_text(value: Any) -> str | None:
    """Return a value as text without blanks around it, or None where it is none."""
    return "\n".join(line.rstrip() for line in value.strip().split("\n")) if isinstance(value, str) else None


def as_date(value: Any) -> date | None:
    """Return a value as a date, or None where it is none."""
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def as_number(value: Any) -> int | None:
    """Return a value as a whole number, or None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def write(values: dict[str, Any], body: str) -> str:
    """Return a file's text. Empty values are left out."""
    kept = {key: value for key, value in values.items() if value not in ("", None, [])}
    yaml_text = yaml.dump(kept, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9)
    return f"{FENCE}\n{yaml_text}{FENCE}\n" + (f"\n{body}\n" if body else "")
