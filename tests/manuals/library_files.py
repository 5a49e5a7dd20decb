"""Small content folders for tests."""

from pathlib import Path

FUNCTIONS = """---
job_functions:
  - slug: payments
    name: Collect and process payments
    position: csr_1
  - slug: daily-deposits
    name: Prepare daily deposits
    position: csr_2
---
"""
POLICY = """---
title: Customer deposits
code: CS-101
rule: New customers pay a deposit of [[$150.00]].
source: Sample City Code, Section 58-41
effective_date: 2026-01-01
who_decides: A Supervisor.
---

## Amount of the deposit {#amount}

Most people pay [[$150.00]].
"""
ANSWER = """---
title: Do I have to pay a deposit?
question_es: ¿Tengo que pagar un depósito?
short_answer: Yes, most new customers pay [[$150.00]].
also_asked_as:
  - why do you want 150 bucks
  - me piden un depósito
policies:
  - customer-deposits#amount
job_functions:
  - payments
---

## Script (English)

Most new customers pay a deposit.

It comes back after a year.

## Script (Spanish)

La mayoría de los clientes nuevos paga un depósito.

## Steps

1. Verify the caller.
2. Say the amount.
"""
MANUAL = """---
title: Taking payments
introduction: How to take a payment.
---
"""
CHAPTER = """---
title: Open the drawer
summary: You can open a drawer.
---

## Count the drawer {#count}

Count it twice.

::: procedure Open it
1. Take the key.
2. Turn it.
:::

::: policy customer-deposits#amount
Why we take deposits.
:::
"""
FILES = {
    "job-functions.md": FUNCTIONS,
    "policies/customer-deposits.md": POLICY,
    "answers/deposit-required.md": ANSWER,
    "manuals/01-taking-payments/manual.md": MANUAL,
    "manuals/01-taking-payments/01-open-the-drawer.md": CHAPTER,
}


def write(root: Path, **changes: str | None) -> Path:
    """Write the small library into a folder, with some files replaced, added or left out (None), and return it."""
    for path, text in {**FILES, **changes}.items():
        if text is not None:
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return root


def read(root: Path) -> dict[str, bytes]:
    """Return every file of a folder by its path."""
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}
