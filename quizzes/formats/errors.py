"""What is wrong with a question file."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class QuestionError:
    """One thing that is wrong: the line where the question begins (0 for the whole file), its name, and what to do."""

    line: int
    name: str
    message: str

    def __str__(self) -> str:
        where = [f"Line {self.line}" if self.line else "", f"question “{shortened(self.name)}”" if self.name else ""]
        place = ", ".join(part for part in where if part)
        return f"{place[0].upper()}{place[1:]}: {self.message}" if place else self.message


class FileRefused(Exception):
    """The file is none that could hold questions. The message is a sentence that says why, and what to do."""


class Refused(Exception):
    """A question cannot be read. The message says why; `line` is where, 0 for where the question begins."""

    def __init__(self, message: str, line: int = 0) -> None:
        self.line = line
        super().__init__(message)


class ImportRefused(Exception):
    """A file has errors, and nothing was written. `errors` lists them in the order of the file."""

    def __init__(self, errors: list[QuestionError]) -> None:
        self.errors = sorted(set(errors))
        super().__init__("\n".join(str(error) for error in self.errors))


def shortened(text: str, length: int = 60) -> str:
    """Return a text that is no longer than this, with … in place of what is left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
