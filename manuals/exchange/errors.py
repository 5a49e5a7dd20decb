"""What is wrong with a file that was to be brought in."""

from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class FileError:
    """One thing that is wrong: in which file, on which line (0 where it is about the whole file), and what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


class ImportRefused(Exception):
    """The files have errors, and nothing was written. `errors` lists them by file and line."""

    def __init__(self, errors: list[FileError]) -> None:
        self.errors = sorted(set(errors))
        super().__init__("\n".join(str(error) for error in self.errors))


@dataclass
class ErrorsOf:
    """Collects the errors of one file."""

    path: str
    found: list[FileError] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        """Note that something is wrong on this line."""
        self.found.append(FileError(self.path, line, message))
