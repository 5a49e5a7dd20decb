"""Days in the words of a sentence."""

from datetime import date

from django.utils.formats import date_format


def day_in_words(day: date, today: date) -> str:
    """Return a day with its weekday, such as “Monday, March 2”; with the year where that is not today's."""
    return date_format(day, "l, F j" if day.year == today.year else "l, F j, Y", use_l10n=False)
