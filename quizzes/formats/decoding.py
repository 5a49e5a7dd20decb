"""From the bytes of a question file to its text."""

import re

from quizzes.formats.errors import FileRefused

MAX_BYTES = 40_000_000
# Stands for a blank while a text is taken apart or written; no file may bring one in.
PLACE = "\ufdef"
# What no text has: control characters, halves of surrogate pairs, and what Unicode keeps for a program's own use.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdee\ufffe\uffff]")


def too_large() -> FileRefused:
    """Return the refusal of a file that is too large."""
    return FileRefused(f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it, or make its pictures smaller.")


def decoded(content: bytes) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark. Raises `FileRefused` with a sentence."""
    if len(content) > MAX_BYTES:
        raise too_large()
    if not content.strip():
        raise FileRefused("The file is empty.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused("The file is in UTF-16. Save it as UTF-8 and choose it again.")
    if b"\x00" in content:
        raise FileRefused("This is not a text file. Choose a GIFT, Aiken or Moodle XML file.")
    try:
        return content.decode("utf-8-sig").replace(PLACE, "")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(f"Line {line} is not UTF-8. Save the file as UTF-8 and choose it again.") from None


def tidy(text: str) -> str:
    """Return text with Unix line ends, without what no text has, and without white space around it."""
    return without_controls(text).strip()


def without_controls(text: str) -> str:
    """Return text with Unix line ends and without characters that are no text."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NO_TEXT.sub("", text)


def one_line(text: str) -> str:
    """Return text on one line, with single spaces."""
    return " ".join(without_controls(text).split())
