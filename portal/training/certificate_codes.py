"""The codes by which anyone can check a certificate: easy to read aloud and to type, and not to be guessed."""

import secrets

from portal.training.models.certificate import CODE_LENGTH

# Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O or U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUP = 4
_READ_AS = str.maketrans("OIL", "011", "-–—‐ \t")


def new() -> str:
    """Return a code that nobody can guess: 80 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def grouped(code: str) -> str:
    """Return a code as it is shown, in groups of four."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def read(typed: str) -> str:
    """Return the code that somebody typed, with or without dashes, in any case, O for 0 and I or L for 1.

    Empty where it cannot be one.
    """
    code = "".join(typed.split()).upper().translate(_READ_AS)
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else ""
