"""One command prepares the portal and serves it; the second time it loses nothing, and what is wrong gets a sentence."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from tests.test_settings import KEPT

WAIT = 600  # seconds; the first start measures its code as well, beside another test


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def command(*arguments: str, var: Path) -> dict:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {
        "args": [sys.executable, "manage.py", "serve_portal", *arguments],
        "cwd": settings.BASE_DIR,
        "env": {**kept, "PORTAL_VAR_DIR": str(var), "PYTHONUNBUFFERED": "1"},
        "text": True,
    }


def hears_ctrl_c() -> None:
    """Tests that run in the background ignore Ctrl+C, and what they start would, too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def serving(var: Path, port: int) -> Iterator[str]:
    """Serve, yield what was printed once it answers, and stop it as Ctrl+C does."""
    log = var.parent / f"{port}.log"
    with log.open("w") as file:
        server = subprocess.Popen(
            **command("--port", str(port), var=var), stdout=file, stderr=subprocess.STDOUT, preexec_fn=hears_ctrl_c
        )
    try:
        until = time.monotonic() + WAIT
        while "Ctrl+C" not in log.read_text():
            assert server.poll() is None and time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/", timeout=WAIT) as answer:
            assert answer.read() == b"ok"
        yield log.read_text()
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(WAIT) == 0


@pytest.mark.sqlite
def test_the_first_start_loads_the_library_and_the_second_keeps_what_was_changed(tmp_path):
    var = tmp_path / "var"
    port = free_port()
    with serving(var, port) as printed:
        assert "Loading the starter library" in printed
        assert f"http://127.0.0.1:{port}" in printed
        for username in ("csr1", "csr2", "senior", "supervisor", "sample-city"):
            assert username in printed
    import sqlite3

    with sqlite3.connect(var / "portal.sqlite3") as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        database.execute("UPDATE manuals_policypage SET source = 'changed by hand' WHERE code = 'CS-101'")
    with serving(var, port) as printed:
        assert "Loading" not in printed
        assert "Preparing" not in printed
    with sqlite3.connect(var / "portal.sqlite3") as database:
        found = database.execute("SELECT source FROM manuals_policypage WHERE code = 'CS-101'").fetchone()
    assert found == ("changed by hand",)


@pytest.mark.sqlite
def test_a_port_in_use_gets_a_sentence_and_prepares_nothing(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(**command("--port", str(port), var=tmp_path / "var"), capture_output=True)
    assert done.returncode == 1
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "var").exists()


@pytest.mark.sqlite
@pytest.mark.parametrize("port", ["0", "70000", "eighty", "-1", "80 80"])
def test_what_is_no_port_gets_a_sentence(tmp_path, port):
    done = subprocess.run(**command(f"--port={port}", var=tmp_path / "var"), capture_output=True)
    assert "is not a port: give a number from 1 to 65535." in done.stderr
    assert "Traceback" not in done.stderr
