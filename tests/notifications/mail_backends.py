"""Mail servers as tests need them."""

import smtplib
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

from portal.notifications import digest


class Refusing(EmailBackend):
    """Refuses every address that begins with "refused", as a mail server does: with the address in the error."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> Any:
        """Send, or raise what smtplib raises."""
        for message in messages:
            for address in message.to:
                if address.startswith("refused"):
                    raise smtplib.SMTPRecipientsRefused({address: (550, b"No such user here")})
        return super().send_messages(messages)


class RunningTwice(EmailBackend):
    """Before it sends the first message, lets another run begin and end."""

    runs: list[digest.Outcome] = []

    def send_messages(self, messages: Sequence[EmailMessage]) -> Any:
        """Send, in the middle of which the other run happens."""
        if not self.runs:
            self.runs.append(digest.Outcome())
            self.runs.append(digest.send())
        return super().send_messages(messages)
