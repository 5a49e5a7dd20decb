"""What may no longer be true in the library: the findings of each kind, page by page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst

from manuals import digests, links, reading_grade, verifications
from manuals.digests import Digest
from manuals.models import AnswerPage, AnswerPolicySection, Verification
from manuals.models.library_page import LibraryPage
from portal.people.models import User

# A page that was published within these days was looked at by whoever published it.
FRESH = timedelta(days=180)
# The city of which the sample values tell.
SAMPLE_CITY = "Sample City"


@dataclass(frozen=True)
class Finding:
    """Something about a page that wants looking at: what there is to say by column, and the particulars one by one.

    `anchor` is the address of the section, if it is about one. What does not want looking at is told, not counted.
    """

    page: LibraryPage
    values: dict[str, Any]
    details: list[str] = field(default_factory=list)
    anchor: str = ""
    wants_looking_at: bool = True

    @property
    def url(self) -> str:
        """Where readers see it."""
        return f"{self.page.url}#{self.anchor}" if self.anchor else str(self.page.url)

    @property
    def kind(self) -> str:
        """What the page is: answer, chapter, policy."""
        return capfirst(str(type(self.page)._meta.verbose_name))

    @property
    def owner(self) -> str:
        """Who keeps the page, in words."""
        return owner_in_words(self.page.owner)


def owner_in_words(owner: User | None) -> str:
    """Return who keeps a page, and whether they left."""
    if owner is None:
        return "Nobody"
    return str(owner) if owner.is_active else f"{owner} (left)"


class Library:
    """The published pages of a library with everything that the findings are read off.

    A fixed number of queries, however many pages there are: one for each type of page, one for each kind of thing that
    pages point at.
    """

    def __init__(self, today: date | None = None) -> None:
        self.today = today or timezone.localdate()
        self.targets = links.Targets()

    @cached_property
    def pages(self) -> list[LibraryPage]:
        """The published pages, with their owners and without their bodies, by title."""
        found: list[LibraryPage] = []
        for model in apps.get_models():
            if issubclass(model, LibraryPage):
                found += model.objects.live().select_related("owner").defer_streamfields()
        return sorted(found, key=lambda page: page.title.lower())

    @cached_property
    def looks(self) -> dict[int, Verification]:
        """The latest look at each page."""
        return verifications.latest()

    @cached_property
    def rested_on(self) -> dict[int, list[int]]:
        """The keys of the policy sections that each answer rests on, those of policies that were deleted too.

        A deleted policy takes the answer's own links to it along; what was published remembers them.
        """
        found: dict[int, dict[int, None]] = {}
        for answer, key in AnswerPolicySection.objects.order_by("sort_order").values_list("answer_id", "section_id"):
            found.setdefault(answer, {})[key] = None
        published = AnswerPage.objects.live().values_list("pk", "live_revision__content__policy_sections")
        for answer, rows in published:
            for row in rows or []:
                found.setdefault(answer, {})[row["section"]] = None
        return {answer: list(keys) for answer, keys in found.items()}

    @cached_property
    def digests(self) -> dict[int, Digest]:
        """What there is to know of the text of each page."""
        return digests.of(self.pages)

    def day_of_publishing(self, page: LibraryPage) -> date | None:
        """Return the day on which a page was last published."""
        return timezone.localdate(page.last_published_at) if page.last_published_at else None


def past_review(library: Library) -> Iterator[Finding]:
    """Yield the pages whose day of review has gone by, the longest first."""
    pages = [page for page in library.pages if page.review_by and page.review_by < library.today]
    for page in sorted(pages, key=lambda page: page.review_by or library.today):
        look = library.looks.get(page.pk)
        last = f"{timezone.localdate(look.at):%Y-%m-%d}, {look.person}" if look else "Never"
        late = (library.today - page.review_by).days if page.review_by else 0
        yield Finding(page, {"Review by": page.review_by, "Days past": late, "Last looked at": last})


def never_looked_at(library: Library) -> Iterator[Finding]:
    """Yield the pages that nobody has looked at since they were published, the oldest first, fresh ones left out."""
    found = []
    for page in library.pages:
        day = library.day_of_publishing(page)
        if page.pk not in library.looks and (day is None or day < library.today - FRESH):
            found.append((day, page))
    for day, page in sorted(found, key=lambda one: one[0] or date.min):
        yield Finding(page, {"Published": day, "Days since": (library.today - day).days if day else None})


def without_owner(library: Library) -> Iterator[Finding]:
    """Yield the pages that nobody keeps, or someone who left."""
    for page in library.pages:
        if page.owner is None:
            yield Finding(page, {"Why": "Nobody is named as its owner."})
        elif not page.owner.is_active:
            yield Finding(page, {"Why": f"{page.owner} left."})


def broken_links(library: Library) -> Iterator[Finding]:
    """Yield the links inside the portal that lead nowhere."""
    for page in library.pages:
        for broken in library.targets.broken(page.pk, library.digests[page.pk].links):
            link = broken.link
            values = {
                "Section": library.targets.heading(page.pk, link.anchor),
                "Link": link.words or f"A {link.kind} that was chosen",
                "Leads to": link.target if link.kind == "address" else f"a {link.kind}",
                "What is wrong": broken.problem,
            }
            yield Finding(page, values, anchor=link.anchor)


def lost_policies(library: Library) -> Iterator[Finding]:
    """Yield what rests on, or points at, a policy section that is gone."""
    for page in library.pages:
        keys = [(key, "") for key in library.rested_on.get(page.pk, [])] if isinstance(page, AnswerPage) else []
        chosen = [(reference.key, reference.anchor) for reference in library.digests[page.pk].sections]
        for key, anchor in [*keys, *chosen]:
            problem = library.targets.lost_section(key)
            if problem:
                where = library.targets.heading(page.pk, anchor) or "The answer as a whole"
                yield Finding(page, {"Section": where, "What is wrong": problem}, anchor=anchor)


def sample_values_left(library: Library) -> Iterator[Finding]:
    """Yield the pages that have sample values in them, those with the most first."""
    found = []
    for page in library.pages:
        values = library.digests[page.pk].sample_values
        if values:
            found.append((len(values), page, list(dict.fromkeys(values))))
    for count, page, different in sorted(found, key=lambda one: -one[0]):
        yield Finding(page, {"How many": count}, different)


def reading_grades(library: Library) -> Iterator[Finding]:
    """Yield every page that is long enough to be measured, the hardest first, each with its hardest sentences."""
    measured = [(library.digests[page.pk].reading, page) for page in library.pages]
    found = [(reading, page) for reading, page in measured if reading]
    for reading, page in sorted(found, key=lambda one: (one[0].grade, one[0].hardest_grade), reverse=True):
        hardest = [f"Grade {sentence.grade:.0f}: {sentence.text}" for sentence in reading.hardest]
        values = {"Grade": reading.grade, "That is": reading.verdict}
        yield Finding(page, values, hardest, wants_looking_at=not reading.is_good)


def is_sample_city() -> bool:
    """Return whether the portal still goes by the name of the sample city."""
    return bool(settings.CITY_NAME == SAMPLE_CITY)


@dataclass(frozen=True)
class Concern:
    """A kind of finding: how it is called, what it means, what is said when there is none."""

    key: str
    label: str
    meaning: str
    all_well: str
    columns: list[str]
    find: Callable[[Library], Iterator[Finding]]
    details: str = ""


CONCERNS = [
    Concern(
        "past-review",
        "Past review",
        "The day by which somebody should have looked has gone by. Open the page, read it, and say “Still correct”, "
        "or edit it.",
        "All is well: no page is past its review date.",
        ["Review by", "Days past", "Last looked at"],
        past_review,
    ),
    Concern(
        "never-looked-at",
        "Never looked at",
        f"Published more than {FRESH.days} days ago, and nobody has said since that it is still correct.",
        f"All is well: everything was looked at, or published in the last {FRESH.days} days.",
        ["Published", "Days since"],
        never_looked_at,
    ),
    Concern(
        "owner",
        "No owner",
        "Nobody keeps these pages: no owner is named, or the owner left. Name one in the editor, under “Keeping”.",
        "All is well: every page has an owner who is here.",
        ["Why"],
        without_owner,
    ),
    Concern(
        "links",
        "Broken links",
        "Links inside the portal that lead nowhere. Addresses outside the portal are not tried.",
        "All is well: every link inside the portal leads somewhere.",
        ["Section", "Link", "Leads to", "What is wrong"],
        broken_links,
    ),
    Concern(
        "policy",
        "Policy gone",
        "Answers that rest on a policy section which is gone, and pages that point at one. Choose the section that "
        "holds today, or take the answer down.",
        "All is well: every policy section that a page rests on stands.",
        ["Section", "What is wrong"],
        lost_policies,
    ),
    Concern(
        "sample-values",
        "Sample values",
        "Figures in double square brackets belong to the sample city. Put in your own, and take the brackets away.",
        "All is well: no page has a sample value in it.",
        ["How many"],
        sample_values_left,
        details="Which",
    ),
    Concern(
        "reading",
        "Reading grade",
        f"A page that reads above grade {reading_grade.TARGET:.0f} is counted here; above grade "
        f"{reading_grade.HARD:.0f} it is hard to read aloud. All pages are listed, the hardest first, with the "
        "sentences to split first. Measured by the Automated Readability Index (Smith and Senter 1967) on English "
        "sentences only, without tables and headings. It counts letters and words and does not understand them.",
        f"All is well: every page reads at grade {reading_grade.TARGET:.0f} or lower.",
        ["Grade", "That is"],
        reading_grades,
        details="Hardest sentences",
    ),
]
BY_KEY = {concern.key: concern for concern in CONCERNS}
