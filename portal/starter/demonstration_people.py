"""The twelve invented people of the demonstration team: who they are, and how far each has come."""

from dataclasses import dataclass

from portal.people.models import Language
from portal.people.positions import Position

CSR_I, CSR_II, SENIOR = "csr-i-first-90-days", "csr-ii-journey", "senior-csr-lead"


@dataclass(frozen=True)
class Spell:
    """A time in a position and on its path. It began `days` working days ago.

    Done is what was due `behind` working days ago or before (0: by today, -1: by the next working day), but for what is
    in `left`, by the slug of a quiz or task, or the beginning of the title of something attended.
    """

    position: Position
    path: str
    days: int
    behind: int = 0
    left: frozenset[str] = frozenset()


def _csr_1(days: int, behind: int = 0, *left: str) -> Spell:
    return Spell(Position.CSR_1, CSR_I, days, behind, frozenset(left))


def _csr_2(days: int, behind: int = 0, *left: str) -> Spell:
    return Spell(Position.CSR_2, CSR_II, days, behind, frozenset(left))


def _senior(days: int, behind: int = 0, *left: str) -> Spell:
    return Spell(Position.SENIOR, SENIOR, days, behind, frozenset(left))


@dataclass(frozen=True)
class Member:
    """Someone invented. The last spell is where they are now; they were hired as the first began."""

    username: str
    first_name: str
    last_name: str
    spells: tuple[Spell, ...]
    language: Language = Language.ENGLISH


# Where two of the four people that one signs in as came from: the paths they had gone before, first to last.
CAME_FROM = {"csr2": (_csr_1(250),), "senior": (_csr_1(800), _csr_2(450))}

# What else happened to each is in `demonstration_team`, by username.
MEMBERS = (
    # It is her first morning.
    Member("anwosu", "Amara", "Nwosu", (_csr_1(0),)),
    # In his second week, and on time.
    Member("dcoleman", "DeShawn", "Coleman", (_csr_1(7),)),
    # Her answer waits to be marked.
    Member("gibarra", "Guadalupe", "Ibarra de la Torre", (_csr_1(9, 0, "answering-inquiries-quiz"),), Language.SPANISH),
    # In his fourth week, and late.
    Member("tbrandt", "Tyler", "Brandt", (_csr_1(18, 7, "greets-and-verifies"),)),
    # On leave.
    Member("lpham", "Linh", "Pham", (_csr_1(30, 7),)),
    # A task waits for her supervisor to see it, and the next one after it.
    Member(
        "praghunathan",
        "Priya",
        "Raghunathan-Venkatasubramanian",
        (_csr_1(24, -1, "takes-each-kind-of-payment", "closes-a-drawer"),),
    ),
    # Nearly done. A task was not yet met, and then it was.
    Member("okowalczyk", "Owen", "Kowalczyk", (_csr_1(58),)),
    # Came from CSR I with a certificate, and what he did there counts.
    Member("mreyes", "Marcus", "Delgado-Reyes", (_csr_1(85), _csr_2(6))),
    # Ready to move up to Senior.
    Member("sabebe", "Samuel", "Abebe", (_csr_1(330), _csr_2(140))),
    # Her certificate is in renewal.
    Member("hlindqvist", "Hannah", "Lindqvist", (_csr_1(640), _csr_2(548))),
    # A chapter that she had read has changed.
    Member("rachterberg", "Rosalind", "Achterberg", (_csr_1(700), _csr_2(420), _senior(34))),
    # Has finished, with a certificate.
    Member("kwatanabe", "Kenji", "Watanabe", (_csr_1(800), _csr_2(440), _senior(120))),
)
