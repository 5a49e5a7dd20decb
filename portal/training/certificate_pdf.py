"""A certificate as PDF, to be printed and hung up: one landscape page, tagged for screen readers (PDF/UA).

What is printed is handed to `templates/training/certificates/certificate.typ` as JSON, so that nothing anyone typed is
read as markup. The fonts come with the typst package; nothing is fetched.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.urls import reverse
from django.utils.dateformat import format as format_date

from portal.training import certificate_codes
from portal.training.models import Certificate

TEMPLATE: Path = settings.BASE_DIR / "templates" / "training" / "certificates" / "certificate.typ"


def of(certificate: Certificate) -> bytes:
    """Return the PDF of a certificate. A name in letters that our fonts lack is printed with those of the system."""
    inputs = {"certificate": json.dumps(data(certificate))}
    try:
        return typst.compile(
            TEMPLATE, format="pdf", sys_inputs=inputs, ignore_system_fonts=True, pdf_standards=["ua-1"]
        )
    except typst.TypstError:
        # PDF/UA is refused where a letter cannot be shown; a certificate without it is better than none.
        return typst.compile(TEMPLATE, format="pdf", sys_inputs=inputs)


def data(certificate: Certificate) -> dict[str, Any]:
    """Return what the template prints."""
    code = certificate_codes.grouped(certificate.code)
    facts = [
        ("Issued on", _day(certificate.issued_on)),
        ("Valid until", _day(certificate.expires_on) if certificate.expires_on else "No end"),
        ("Hours", certificate.hours),
        ("Edition of the path", str(certificate.edition.number)),
        ("Code", code),
    ]
    return {
        "city": settings.CITY_NAME,
        "portal": "Customer service training",
        "name": certificate.person_name,
        "path": certificate.path_title,
        "facts": [{"name": name, "value": value} for name, value in facts],
        "address": verify_address(certificate),
    }


def verify_address(certificate: Certificate) -> str:
    """Return the whole address at which anyone can check a certificate."""
    path = reverse("verify:check", args=[certificate_codes.grouped(certificate.code)])
    return f"{settings.WAGTAILADMIN_BASE_URL}{path.rstrip('/')}"


def _day(day: date) -> str:
    return format_date(day, "F j, Y")
