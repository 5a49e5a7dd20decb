"""Tables to which rows are added and in which none is altered or removed. The database itself refuses it.

Triggers, since neither the models nor the admin stand between the database and whoever has its password. Made after
each `migrate`, because a migration of the table on SQLite makes a new one and leaves the triggers behind.
"""

from typing import Any

from django.db import connections

TABLES = ["manuals_edition", "manuals_withdrawal", "manuals_acknowledgement"]
_EVENTS = ("UPDATE", "DELETE")
REFUSAL = "rows of this table are never altered or removed"

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION manuals_append_only() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '%: {REFUSAL}', TG_TABLE_NAME;
END;
$$ LANGUAGE plpgsql
"""


def keep(*tables: str) -> None:
    """Keep the rows of these tables of an app above, too. For its `ready`, which also has `ensure` follow `migrate`."""
    TABLES.extend(table for table in tables if table not in TABLES)


def triggers(using: str = "default") -> set[str]:
    """Return the names of the triggers of `TABLES` that the database has."""
    connection = connections[using]
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[connection.vendor])
        found = {row[0] for row in cursor.fetchall()}
    return found & wanted(connection.vendor)


def missing(using: str = "default") -> set[str]:
    """Return the names of the triggers that the database should have and has not."""
    return wanted(connections[using].vendor) - triggers(using)


def wanted(vendor: str) -> set[str]:
    """Return the names of the triggers that should be there."""
    events = (*_EVENTS, "TRUNCATE") if vendor == "postgresql" else _EVENTS
    return {f"{table}_no_{event.lower()}" for table in TABLES for event in events}


def ensure(using: str = "default", **kwargs: Any) -> None:
    """Make the triggers that are missing on the tables that are there. Receives `post_migrate`."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    found = triggers(using)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table in TABLES:
            for event in (*_EVENTS, "TRUNCATE"):
                name = f"{table}_no_{event.lower()}"
                if table in tables and name in wanted(connection.vendor) - found:
                    cursor.execute(_statement(connection.vendor, name, table, event))


def _statement(vendor: str, name: str, table: str, event: str) -> str:
    if vendor == "postgresql":
        each = "STATEMENT" if event == "TRUNCATE" else "ROW"
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} EXECUTE FUNCTION manuals_append_only()"
    return f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{table}: {REFUSAL}'); END"
