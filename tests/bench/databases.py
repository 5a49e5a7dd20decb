"""Measuring the same on SQLite and on PostgreSQL, each time in a process and a portal of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

# What stands before the words of a part.
DATABASES: dict[str, list[str]] = {"SQLite": [], "PostgreSQL": ["postgresql"]}


def part(module: str, folder: Path, *words: str) -> Any:
    """Have a process measure a part of `tests.bench.<module>`, and return its figures.

    None where there is no PostgreSQL.
    """
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.bench.quiz_settings",
        "PORTAL_VAR_DIR": str(folder),
    }
    command = [sys.executable, "-m", f"tests.bench.{module}", *words]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    return json.loads(done.stdout.splitlines()[-1])


def on_postgresql(module: str, name: str) -> Any:
    """Do a part on a PostgreSQL server started for it, with the settings PostgreSQL has by itself."""
    import psycopg

    from tests.conftest import postgresql_programs
    from tests.postgres import server

    programs = postgresql_programs()
    if programs is None:
        sys.stderr.write("PostgreSQL is not measured, because there is none (initdb): apt install postgresql.\n")
        return None
    # The tests' server forgets what is not on the disk yet; a city's does not.
    server.SETTINGS = "-c listen_addresses=''"
    with server.running(programs) as url:
        with psycopg.connect(f"{url.rpartition('/')[0]}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE portal")
        os.environ["DATABASE_URL"] = url
        return part(module, Path(os.environ["PORTAL_VAR_DIR"]), name)
