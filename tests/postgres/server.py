"""A PostgreSQL server of the tests' own: on a temporary folder, reached by a socket in it, gone when they end."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# The account that Debian's package makes. PostgreSQL refuses to run as root, so root's tests run it as this one.
ACCOUNT = "postgres"
WAIT = 60  # seconds
SETTINGS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """Start a server with the programs of this folder, yield its database URL, and stop it."""
    # Not pytest's tmp_path: the way there is closed to other accounts, and too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
    as_account: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, ACCOUNT, ACCOUNT)
        as_account = ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups", "--reset-env"]
    data = folder / "data"

    def run(program: str, *options: str) -> None:
        command = [*as_account, str(programs / program), *options]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=2 * WAIT)
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"

    pg_ctl = ("pg_ctl", "--pgdata", str(data), "--wait", "--timeout", str(WAIT))
    try:
        run(
            "initdb", "--pgdata", str(data), "--username=portal", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync",
        )  # fmt: skip
        run(*pg_ctl, "--log", str(folder / "log"), "--options", f"{SETTINGS} -k {folder}", "start")
        try:
            yield f"postgresql://portal@{quote(str(folder), safe='')}/portal"
        finally:
            run(*pg_ctl, "--mode=immediate", "stop")
    finally:
        shutil.rmtree(folder)
