"""Where the chapters and sections of a Word file begin and end."""

from collections import Counter
from dataclasses import dataclass, field

from bs4 import Tag

from manuals.exchange.word_elements import heading_level, plain


@dataclass
class WordSection:
    """A heading, and the elements below it."""

    heading: str
    elements: list[Tag] = field(default_factory=list)


@dataclass
class WordChapter:
    """A chapter of the file. `is_front` says that it stands before the first heading of a chapter."""

    title: str
    is_front: bool = False
    sections: list[WordSection] = field(default_factory=list)


def divided(elements: list[Tag], title: str) -> list[WordChapter]:
    """Return the chapters of a document, the first one called `title` where no heading stands before its text.

    Headings below those of sections become h3, and h4 where they are deeper than that.
    """
    levels = Counter(level for level in map(heading_level, elements) if level is not None)
    several = [level for level in levels if levels[level] > 1]
    # Level 0 is Word's Title: where it stands once, it names the whole document.
    named = [level for level in levels if level or len(levels) == 1]
    top = min(several or named, default=-1)
    below = sorted(level for level in levels if level > top)
    chapters: list[WordChapter] = []
    for element in elements:
        level = heading_level(element)
        if level is not None and level <= top:
            chapters.append(WordChapter(plain(element), is_front=not chapters and level < top))
            continue
        if not chapters:
            chapters.append(WordChapter(title, is_front=True))
        if level is not None and level == below[0]:
            chapters[-1].sections.append(WordSection(plain(element)))
            continue
        if level is not None:
            element.name = "h3" if level == below[1] else "h4"
        if not chapters[-1].sections:
            chapters[-1].sections.append(WordSection(chapters[-1].title))
        chapters[-1].sections[-1].elements.append(element)
    return chapters
