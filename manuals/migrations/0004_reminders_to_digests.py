"""The days on which people were written to move to portal.notifications, which writes to them now."""

from django.db import migrations

# "WHERE true" keeps SQLite from reading "ON" as the condition of a join.
TO_DIGESTS = (
    "INSERT INTO notifications_digest (person_id, day, sent_at) "
    "SELECT person_id, day, sent_at FROM manuals_reminder WHERE true ON CONFLICT DO NOTHING"
)
TO_REMINDERS = (
    "INSERT INTO manuals_reminder (person_id, day, sent_at) "
    "SELECT person_id, day, sent_at FROM notifications_digest WHERE true ON CONFLICT DO NOTHING"
)


class Migration(migrations.Migration):
    dependencies = [
        ("manuals", "0003_editions"),
        ("notifications", "0001_notifications"),
    ]

    operations = [
        migrations.RunSQL([TO_DIGESTS], [TO_REMINDERS]),
        migrations.DeleteModel(name="Reminder"),
    ]
