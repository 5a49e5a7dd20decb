"""Editions, withdrawals and acknowledgements are added, and never altered or removed: the database refuses it."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.utils import quote
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.models import Revision
from wagtail.snippets.models import get_snippet_models

from manuals import append_only, verifying
from manuals.models import Acknowledgement, Edition, Method, PolicyPage, ReadAs, Withdrawal
from tests.conftest import lift_append_only
from tests.factories import UserFactory, make_policy, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    """One row of each kind: an edition in force, one that was withdrawn, an acknowledgement."""
    policy = make_policy()
    policy.rule = "Planned."
    policy.go_live_at = timezone.now() + timedelta(days=20)
    revision = policy.save_revision()
    revision.publish()
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    acknowledgement = Acknowledgement.objects.create(
        person=UserFactory(), person_name="Jordan", position="csr_1", edition=policy.edition,
        edition_hash=policy.edition.hash, read_as=ReadAs.WHOLE, sentence="I will.", method=Method.PASSWORD,
    )  # fmt: skip
    return {Edition: policy.edition, Withdrawal: Withdrawal.objects.get(), Acknowledgement: acknowledgement}


def refused():
    """Expect that the database refuses, and leave the transaction as it was."""
    return pytest.raises(DatabaseError, match="never altered or removed")


@pytest.mark.parametrize(
    ("model", "field"), [(Edition, "summary"), (Withdrawal, "reason"), (Acknowledgement, "sentence")]
)
def test_the_orm_can_neither_alter_nor_remove_a_row(rows, model, field):
    row = rows[model]
    setattr(row, field, "Something else.")
    with refused(), transaction.atomic():
        row.save()
    with refused(), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field: "Something else."})
    with refused(), transaction.atomic():
        model.objects.bulk_update([row], [field])
    with refused(), transaction.atomic():
        model.objects.filter(pk=row.pk)._raw_delete(using="default")
    assert getattr(model.objects.get(pk=row.pk), field) != "Something else."


@pytest.mark.parametrize("table", [name for name in append_only.TABLES if name.startswith("manuals_")])
def test_raw_sql_can_neither_alter_nor_remove_a_row(rows, table):
    with connection.cursor() as cursor:
        statements = [f"UPDATE {table} SET id = id + 1000", f"DELETE FROM {table}"]  # noqa: S608 - our own names
        if connection.vendor == "postgresql":
            # A table with foreign keys still to be checked is refused for that reason first.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            statements.append(f"TRUNCATE {table} CASCADE")
        for statement in statements:
            with refused(), transaction.atomic():
                cursor.execute(statement)
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
        assert cursor.fetchone()[0]


@pytest.mark.parametrize("model", [Edition, Withdrawal, Acknowledgement])
def test_the_admin_has_no_screen_that_alters_or_removes_one(rows, model):
    assert model not in get_snippet_models()
    for action in ("edit", "delete"):
        with pytest.raises(NoReverseMatch):
            reverse(f"{model._meta.model_name}:{action}", args=[quote(rows[model].pk)])


def test_deleting_the_page_leaves_its_editions(rows):
    edition = rows[Edition]
    PolicyPage.objects.get(pk=edition.page_id).delete()
    assert Edition.objects.filter(pk=edition.pk).exists()
    assert Acknowledgement.objects.filter(edition=edition).exists()


def test_an_untouched_record_verifies(rows, capsys):
    call_command("verify_editions")
    assert capsys.readouterr().out == "2 editions are as they were written.\n"


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (lambda e: e.update(summary="Another."), "What it states is not what was sealed."),
        (lambda e: e.update(effective_from=date(2025, 1, 1)), "What it states is not what was sealed."),
        (lambda e: e.update(content="{}"), "What it states is not what was sealed."),
        (lambda e: e.update(approver_name="Somebody"), "What it states is not what was sealed."),
        (lambda e: e.delete(), "one is gone"),
    ],
    ids=["summary", "day", "content", "approver", "removed"],
)
def test_what_was_altered_behind_the_triggers_back_is_named(alter, said):
    policy = make_policy()
    for rule in ("Second.", "Third."):
        policy.rule = rule
        policy = publish(policy)
    lift_append_only()
    alter(Edition.objects.filter(page_id=policy.pk, sequence=2))
    append_only.ensure()
    first = next(verifying.breaks())
    assert said in str(first)
    with pytest.raises(CommandError):
        call_command("verify_editions")


def test_a_changed_byte_in_an_old_revision_is_named(capsys):
    policy = make_policy(rule="Pay 150 dollars.")
    old = policy.edition
    policy.rule = "Pay 175 dollars."
    publish(policy)
    revision = Revision.objects.get(pk=old.revision_id)
    revision.content["rule"] = "Pay 151 dollars."
    revision.save(update_fields=["content"])
    with pytest.raises(CommandError):
        call_command("verify_editions")
    assert f"edition 1 (Customer deposits): Its revision {revision.pk} holds another text." in capsys.readouterr().err


def test_a_seal_made_anew_for_one_edition_breaks_the_chain_at_the_next():
    from manuals import canonical

    policy = make_policy()
    policy.rule = "Second."
    policy = publish(policy)
    first = Edition.objects.of(policy.pk).first()
    lift_append_only()
    first.summary = "Forged."
    first.hash = canonical.seal(first)
    first.save()
    append_only.ensure()
    assert "It does not follow the edition before it." in [one.what for one in verifying.breaks()]


def test_a_purged_revision_is_no_break():
    policy = make_policy()
    old = policy.edition
    policy.rule = "Second."
    publish(policy)
    Revision.objects.filter(pk=old.revision_id).delete()
    assert list(verifying.breaks()) == []


def test_a_database_without_its_triggers_is_named():
    lift_append_only()
    assert "The database does not refuse changes" in str(next(verifying.breaks()))
    append_only.ensure()
    assert list(verifying.breaks()) == []
