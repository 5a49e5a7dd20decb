"""What was read or worked out once, kept up to some size."""

from typing import Generic, TypeVar

# What one more value takes by itself, in units of some 8 bytes.
OVERHEAD = 32

Key = TypeVar("Key")
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Values by key, at most so many units of some 8 bytes; what was not asked for lately is forgotten first.

    There are two halves. When the newer one is full it becomes the older one, and what was in that is forgotten; what
    is asked for is moved to the newer one. So nothing is ordered or locked, and threads may share it: at worst two of
    them work out the same.
    """

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._new: dict[Key, tuple[Value, int]] = {}
        self._old: dict[Key, tuple[Value, int]] = {}
        self._held = 0

    def get(self, key: Key) -> Value | None:
        """Return what is kept for a key, None for nothing."""
        known = self._new.get(key)
        if known is not None:
            return known[0]
        known = self._old.get(key)
        return None if known is None else self.put(key, *known)

    def put(self, key: Key, value: Value, size: int) -> Value:
        """Keep a value that takes so many units beside itself, and return it."""
        if self._held > self._half:
            self._old, self._new, self._held = self._new, {}, 0
        self._held += size + OVERHEAD
        self._new[key] = (value, size)
        return value
