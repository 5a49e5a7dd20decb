"""What an import states about the editions it makes, and who must acknowledge a page, in files."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from manuals.exchange import exporting, importing
from manuals.exchange.errors import ImportRefused
from manuals.models import AnswerPage, ChapterPage, Edition, EditionKind, ManualPage, PolicyPage
from tests.factories import UserFactory
from tests.manuals import library_files as files

pytestmark = pytest.mark.django_db

P = "policies/customer-deposits.md"
A = "answers/deposit-required.md"
C = "manuals/01-taking-payments/01-open-the-drawer.md"
M = "manuals/01-taking-payments/manual.md"
RAISED = files.POLICY.replace("150", "175")
KEPT = "acknowledged_by:\n  - csr_1\n  - senior\nacknowledge_within: 7\n---\n\n##"


def editions_of(page) -> list[Edition]:
    return list(Edition.objects.of(page.pk))


def acknowledged(text: str) -> str:
    return text.replace("---\n\n##", KEPT, 1)


def test_new_pages_get_a_first_edition_and_changed_ones_a_minor_that_says_where_it_came_from(tmp_path):
    writer, approver = UserFactory(position="senior"), UserFactory(position="supervisor")
    importing.import_folder(files.write(tmp_path), user=approver, writer=writer)
    importing.import_folder(files.write(tmp_path, **{P: RAISED}), user=approver, writer=writer)
    first, second = editions_of(PolicyPage.objects.get())
    assert (first.number, first.summary, first.effective_from) == ("1", "First edition.", date(2026, 1, 1))
    assert (second.number, second.kind, second.summary) == ("1.1", EditionKind.MINOR, "Imported from files.")
    assert {(one.writer, one.approver) for one in (first, second)} == {(writer, approver)}
    # Pages whose files say what they said have their first edition still.
    assert Edition.objects.exclude(page=PolicyPage.objects.get()).count() == 2


def test_what_is_stated_about_a_file_holds_for_its_page_alone_and_is_not_stated_again(tmp_path):
    importing.import_folder(files.write(tmp_path))
    stated = importing.Change(EditionKind.MAJOR, "The deposit is [[$175.00]].", since=date(2026, 2, 1))
    changed = {P: RAISED, A: files.ANSWER.replace("150", "175")}
    importing.import_folder(files.write(tmp_path, **changed), changes={P: stated})
    policy, answer = PolicyPage.objects.get(), AnswerPage.objects.get()
    last = editions_of(policy)[-1]
    assert (last.number, last.summary, last.effective_from) == ("2", stated.summary, date(2026, 2, 1))
    assert (policy.change_kind, policy.change_summary) == ("", "")
    assert (editions_of(answer)[-1].number, editions_of(answer)[-1].summary) == ("1.1", "Imported from files.")


def test_a_change_that_makes_no_edition_leaves_nothing_to_be_stated_about_the_next(tmp_path):
    importing.import_folder(files.write(tmp_path))
    tagged = files.POLICY.replace("who_decides", "tags:\n  - fees\nwho_decides")
    assert importing.import_folder(files.write(tmp_path, **{P: tagged})).changed == [P]
    policy = PolicyPage.objects.get()
    assert len(editions_of(policy)) == 1
    assert (policy.change_kind, policy.change_summary) == ("", "")


def test_the_command_takes_what_changed_and_whether_it_must_be_read_again(tmp_path):
    call_command("import_content", str(files.write(tmp_path)))
    files.write(tmp_path, **{P: RAISED})
    with pytest.raises(CommandError, match="Say with --summary what changed"):
        call_command("import_content", str(tmp_path), "--major")
    with pytest.raises(CommandError, match="longer than 500 characters"):
        call_command("import_content", str(tmp_path), "--summary", "x" * 501)
    call_command("import_content", str(tmp_path), "--major", "--summary", "The deposit rises.")
    last = editions_of(PolicyPage.objects.get())[-1]
    assert (last.number, last.kind, last.summary) == ("2", EditionKind.MAJOR, "The deposit rises.")


def test_who_must_acknowledge_a_page_and_how_soon_comes_in_and_goes_out_to_the_byte(tmp_path):
    texts = {P: acknowledged(files.POLICY), A: acknowledged(files.ANSWER), C: acknowledged(files.CHAPTER)}
    root = files.write(tmp_path / "in", **texts)
    importing.import_folder(root)
    for model in (PolicyPage, AnswerPage, ChapterPage):
        page = model.objects.get()
        assert {group.name for group in page.acknowledged_by.all()} == {"CSR I", "Senior CSR"}
        assert page.acknowledge_within == 7
        edition = editions_of(page)[0]
        assert (edition.requires, edition.asks, edition.within_days) == (["csr_1", "senior"], ["csr_1", "senior"], 7)
    exporting.export_folder(tmp_path / "out")
    written = files.read(tmp_path / "out")
    assert {path: written[path] for path in texts} == {path: text.encode() for path, text in texts.items()}
    again = importing.import_folder(tmp_path / "out")
    assert (again.created, again.changed) == ([], [])


def test_a_position_that_is_added_is_asked_and_taking_the_keys_away_asks_nobody(tmp_path):
    importing.import_folder(files.write(tmp_path, **{P: acknowledged(files.POLICY)}))
    more = acknowledged(files.POLICY).replace("  - csr_1\n", "  - csr_1\n  - csr_2\n")
    importing.import_folder(files.write(tmp_path, **{P: more}))
    importing.import_folder(files.write(tmp_path, **{P: files.POLICY}))
    _, added, dropped = editions_of(PolicyPage.objects.get())
    assert (added.requires, added.asks) == (["csr_1", "csr_2", "senior"], ["csr_2"])
    assert (dropped.requires, dropped.asks) == ([], [])


@pytest.mark.parametrize(
    ("path", "keys", "expected"),
    [
        (P, "acknowledged_by:\n  - csr_1\n  - mayor", "line 10: “mayor” is not a position"),
        (P, "acknowledged_by: csr_1", "line 8: “acknowledged_by” must be a list of texts"),
        (P, "acknowledged_by:\n  - csr_1\n  - csr_1", "line 10: “csr_1” is in “acknowledged_by” twice"),
        (P, "acknowledge_within: 5", "line 8: “acknowledge_within” says nothing without “acknowledged_by”"),
        (P, "acknowledged_by:\n  - csr_1\nacknowledge_within: '5'", "line 10: “acknowledge_within” must be a whole number"),
        (P, "acknowledged_by:\n  - csr_1\nacknowledge_within: yes", "line 10: “acknowledge_within” must be a whole number"),
        (P, "acknowledged_by:\n  - csr_1\nacknowledge_within: 0", "line 10: “acknowledge_within” is a number of working days"),
        (P, "acknowledged_by:\n  - csr_1\nacknowledge_within: 99999", "line 10: “acknowledge_within” is a number of working"),
        (M, "acknowledged_by:\n  - csr_1", "line 4: “acknowledged_by” is not a key of this kind of page"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_named_by_line(tmp_path, path, keys, expected):
    text = files.FILES[path]
    end = text.index("---\n", 4)
    with pytest.raises(ImportRefused) as refused:
        importing.import_folder(files.write(tmp_path, **{path: f"{text[:end]}{keys}\n{text[end:]}"}))
    assert any(str(error).startswith(f"{path}, {expected}") for error in refused.value.errors), refused.value
    assert not ManualPage.objects.exists()
