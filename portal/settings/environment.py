"""Reading a deployment's choices from environment variables."""

import os


def text(name: str, default: str = "") -> str:
    """Return the variable without surrounding blanks, or the default where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def words(name: str) -> list[str]:
    """Return the entries of a comma-separated variable, without blanks and empty ones."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def switch(name: str, default: bool) -> bool:
    """Return whether the variable is on. Raises `ValueError`, a sentence, for what is neither on nor off."""
    value = text(name, "on" if default else "off").casefold()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ValueError(f"{name} is “{value}”, but can only be on or off.")


def number(name: str, default: int) -> int:
    """Return the variable as a whole number, 0 or more. Raises `ValueError`, a sentence, for anything else."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ValueError(f"{name} is “{value}”, but must be a whole number, 0 or more.")
    return int(value)
