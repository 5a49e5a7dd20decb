"""Production takes everything from the environment, and says in a sentence what it lacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

COMPLETE = {
    "SECRET_KEY": "tests-only-hJ3kP8wZ5qX1vN7mB2cL9rT4yD6sF0gAeUiOoEaY",
    "ALLOWED_HOSTS": "portal.city.example,www.city.example",
    "DATABASE_URL": "postgresql://portal:secret@db.city.example:5433/portal",
}
KEPT = ("PATH", "HOME", "VIRTUAL_ENV", "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")


def run(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own under production settings and nothing of this process's environment.

    What the portal keeps in files is this test run's, which is empty: whatever stands in the checkout is not looked at.
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    kept["PORTAL_VAR_DIR"] = str(settings.VAR_DIR)
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={**kept, "DJANGO_SETTINGS_MODULE": "portal.settings.production", **environment},
        capture_output=True,
        text=True,
    )


def value_of(expression: str, **environment: str) -> str:
    """Return what an expression about `settings` gives under production settings."""
    done = run(f"from django.conf import settings; print({expression})", {**COMPLETE, **environment})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def refusal(environment: dict[str, str]) -> str:
    """Return what starting the WSGI application says on its last lines, having failed."""
    done = run("import portal.wsgi", environment)
    assert done.returncode == 1, done.stdout
    return done.stderr.partition("ImproperlyConfigured: ")[2]


@pytest.mark.parametrize("name", COMPLETE)
def test_production_refuses_to_start_without_a_required_variable(name):
    environment = {key: value for key, value in COMPLETE.items() if key != name}
    sentences = refusal(environment).strip().splitlines()
    assert len(sentences) == 1
    assert sentences[0].startswith(f"{name} is not set: ")


def test_production_names_everything_that_is_missing_at_once():
    lines = refusal({}).strip().splitlines()
    assert [line.split()[0] for line in lines] == ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ALLOWED_HOSTS", "*", "name the hosts"),
        ("DATABASE_URL", "mysql://u:p@h/n", "must start with postgresql:// or sqlite:///"),
        ("DATABASE_URL", "postgresql://portal:a/b@host:port/name", "cannot be read"),
        ("PROXY_COUNT", "one", "must be a whole number"),
        ("SECURE_SSL_REDIRECT", "perhaps", "can only be on or off"),
    ],
)
def test_production_refuses_what_cannot_be_meant(name, value, sentence):
    said = refusal({**COMPLETE, name: value})
    assert said.startswith(name)
    assert sentence in said
    assert "secret@" not in said


def test_the_database_is_the_one_of_the_url():
    printed = value_of("{k: settings.DATABASES['default'][k] for k in ('ENGINE', 'HOST', 'PORT', 'NAME', 'USER')}")
    assert printed == str(
        {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": "db.city.example",
            "PORT": 5433,
            "NAME": "portal",
            "USER": "portal",
        }
    )


def test_a_sqlite_database_is_opened_as_carefully_as_in_development():
    printed = value_of("settings.DATABASES['default']['OPTIONS']['init_command']", DATABASE_URL="sqlite:////srv/p.db")
    assert "journal_mode=WAL" in printed
    assert "foreign_keys=ON" in printed


def test_mailed_links_lead_to_the_first_allowed_host_unless_told_otherwise():
    assert value_of("settings.WAGTAILADMIN_BASE_URL") == "https://portal.city.example"
    assert value_of("settings.WAGTAILADMIN_BASE_URL", BASE_URL="https://desk.example/") == "https://desk.example"


def test_forwarded_headers_are_believed_only_behind_proxies_of_our_own():
    assert value_of("settings.SECURE_PROXY_SSL_HEADER") == "None"
    assert value_of("settings.SECURE_PROXY_SSL_HEADER", PROXY_COUNT="1") == "('HTTP_X_FORWARDED_PROTO', 'https')"


def test_the_city_says_which_notifications_are_mandatory_or_that_none_is():
    assert value_of("settings.MANDATORY_NOTIFICATIONS", MANDATORY_NOTIFICATIONS="overdue, marked") == str(
        ["overdue", "marked"]
    )
    assert value_of("settings.MANDATORY_NOTIFICATIONS", MANDATORY_NOTIFICATIONS="none") == "[]"


def test_the_deployment_check_has_no_warning():
    done = run(
        "from django.core.management import execute_from_command_line as run;"
        "run(['manage.py', 'check', '--deploy', '--fail-level', 'WARNING'])",
        COMPLETE,
    )
    assert done.returncode == 0, done.stderr


def test_production_refuses_to_start_with_demonstration_accounts(tmp_path: Path):
    environment = {**COMPLETE, "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3"}
    prepare = (
        "import django; django.setup();"
        "from django.core.management import call_command;"
        "call_command('migrate', verbosity=0);"
        "from portal.starter import loading; loading.load_people()"
    )
    prepared = run(prepare, environment)
    assert prepared.returncode == 0, prepared.stderr

    for server in ("portal.wsgi", "portal.asgi"):
        refused = run(f"import {server}", environment)
        assert refused.returncode == 1
        assert "demonstration accounts csr1, csr2, senior, supervisor" in refused.stderr
    checked = run(
        "import django; django.setup();"
        "from django.core.management import call_command; call_command('check', databases=['default'])",
        environment,
    )
    assert "people.E001" in checked.stderr

    removed = run(
        "import django; django.setup();"
        "from django.core.management import call_command; call_command('remove_demonstration')",
        environment,
    )
    assert removed.stdout.strip() == "Removed: csr1, csr2, senior, supervisor."
    for server in ("portal.wsgi", "portal.asgi"):
        assert run(f"import {server}", environment).returncode == 0
