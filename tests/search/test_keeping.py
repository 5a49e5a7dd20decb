"""What is kept, and what is forgotten."""

from search.backends.whoosh.keeping import OVERHEAD, Kept


def test_what_is_kept_is_found():
    kept = Kept[str, str](1000)
    assert kept.get("a") is None
    assert kept.put("a", "A", 10) == "A"
    assert kept.get("a") == "A"


def test_what_was_not_asked_for_lately_is_forgotten_first():
    kept = Kept[int, int](1000)
    for number in range(1000):
        kept.put(number, number, 100)
        assert kept.get(0) == 0
    assert kept.get(1) is None
    assert kept.get(998) == 998


def test_no_more_is_held_than_may_be():
    kept = Kept[int, int](1000)
    for number in range(1000):
        kept.put(number, number, 0)
    assert sum(kept.get(number) is not None for number in range(1000)) <= 1000 / OVERHEAD + 2
