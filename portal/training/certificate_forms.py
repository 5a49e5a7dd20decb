"""The forms of certificates: why one is withdrawn, and a code that somebody typed."""

from django import forms
from django.core.exceptions import ValidationError

from portal.training import certificate_codes
from portal.training.signing_forms import Reason

NO_CODE = "Type the code that is printed on the certificate."
NOT_A_CODE = (
    "This is not a code of ours. A code has 16 letters and digits, in four groups of four. Look for one that is "
    "missing or twice."
)
# What a person might paste besides the code.
LONGEST_TYPED = 60


class WithdrawalForm(forms.Form):
    """Why a certificate is not valid any more."""

    reason = Reason(
        "Say why. The person and whoever looks at their progress read it.",
        label="Reason",
        help_text="“The sign-off of the deposit was of somebody else.” No medical particulars.",
    )


class CodeForm(forms.Form):
    """A code to be checked."""

    code = forms.CharField(
        max_length=LONGEST_TYPED,
        label="Code",
        help_text="16 letters and digits. Capitals and dashes make no difference.",
        error_messages={"required": NO_CODE},
        widget=forms.TextInput(
            attrs={"class": "usa-input", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        """Return the code as we write it."""
        code = certificate_codes.read(self.cleaned_data["code"])
        if not code:
            raise ValidationError(NOT_A_CODE)
        return code
