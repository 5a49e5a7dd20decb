"""Leaving in the HTML of a Word file what pages can keep, and saying what is taken out."""

import re

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from manuals.exchange.word_elements import BLOCKS, HEADING, heading_level, plain, rows_of, shortened

_HREF = re.compile(r"^(?:https?://|mailto:|tel:)[^\s]", re.IGNORECASE)
_NOTE = re.compile(r"^(?:foot|end)note-")


def clean(soup: BeautifulSoup) -> list[str]:
    """Leave in the document what pages can keep, and return remarks on what is taken out."""
    remarks = []
    contents = soup.find_all("p", class_="toc")
    for line in contents:
        line.decompose()
    if contents:
        remarks.append("The table of contents is left out: the portal makes its own.")
    for box in soup.find_all("input"):
        box.replace_with("☒ " if box.has_attr("checked") else "☐ ")
    for struck in soup.find_all("s"):
        remarks.append(f"“{shortened(plain(struck))}” is struck out in the file, and kept as ordinary text.")
        struck.unwrap()
    _put_notes_below_their_text(soup)
    for link in soup.find_all("a"):
        href = str(link.get("href", "")).strip()
        if _HREF.match(href):
            link.attrs = {"href": href}
            continue
        if href and not href.startswith("#") and plain(link):
            remarks.append(f"The link “{shortened(plain(link))}” is kept as text: it leads to {shortened(href)}.")
        link.unwrap()
    _open_boxes(soup)
    _wrap_loose(soup)
    for element in soup.find_all(HEADING):
        for image in reversed(element.find_all("img")):
            paragraph = soup.new_tag("p")
            paragraph.append(image.extract())
            element.insert_after(paragraph)
    for item in soup.find_all("li"):
        _tidy_item(soup, item)
    for element in reversed(soup.find_all([*BLOCKS, "li"])):
        if not plain(element) and not element.find("img"):
            element.decompose()
    return list(dict.fromkeys(remarks))


def _put_notes_below_their_text(soup: BeautifulSoup) -> None:
    """Move each footnote from the end of the document to the end of what stands under its heading."""
    references = {str(link["href"]): link for link in soup.find_all("a", href=True)}
    for note in soup.find_all("li", id=_NOTE):
        reference = references.get(f"#{note['id']}")
        if reference is None:
            continue
        for arrow in note.find_all("a", href=f"#{reference.get('id')}"):
            arrow.decompose()
        for block in note.find_all([*BLOCKS, "li", "tbody", "td", "th", "thead", "tr"]):
            block.insert_after(" ")
            block.unwrap()
        paragraph = soup.new_tag("p")
        number = soup.new_tag("sup")
        number.string = plain(reference)
        paragraph.extend([number, NavigableString(" "), *list(note.children)])
        top = next(parent for parent in [reference, *reference.parents] if parent.parent is soup)
        # The list of all notes, which is taken apart here, ends the document.
        end = note.parent
        below = next(
            (sibling for sibling in top.next_siblings if heading_level(sibling) is not None or sibling is end), None
        )
        if below is not None:
            below.insert_before(paragraph)
        note.decompose()


def _open_boxes(soup: BeautifulSoup) -> None:
    """Replace each table of one row, which is a frame around text and no table, by what stands in it."""
    while boxes := [table for table in soup.find_all("table", recursive=False) if len(rows_of(table)) == 1]:
        for box in boxes:
            for cell in rows_of(box)[0]:
                box.insert_before(*list(cell.children))
            box.decompose()


def _wrap_loose(soup: BeautifulSoup) -> None:
    """Put what stands outside every paragraph into one."""
    for node in list(soup.children):
        is_block = isinstance(node, Tag) and node.name in BLOCKS
        if not is_block and (isinstance(node, Tag) or str(node).strip()):
            node.wrap(soup.new_tag("p"))
        elif not is_block:
            node.extract()


def _tidy_item(soup: BeautifulSoup, item: Tag) -> None:
    """Put a list item's paragraphs on lines of their own, and lift the lists of an item that has no text itself."""
    for paragraph in item.find_all("p", recursive=False):
        if paragraph.previous_sibling is not None:
            paragraph.insert_before(soup.new_tag("br"))
        paragraph.unwrap()
    nested = item.find_all(["ol", "ul"], recursive=False)
    if nested and len(nested) == len(
        [child for child in item.children if isinstance(child, Tag) or str(child).strip()]
    ):
        for inner in nested:
            inner.unwrap()
        item.unwrap()
