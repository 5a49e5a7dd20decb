"""Forms of the question import and export."""

from django import forms

from quizzes import formats
from quizzes.formats.decoding import MAX_BYTES, too_large
from quizzes.models import Category
from quizzes.models.category import NAME_LENGTH


class QuestionImportForm(forms.Form):
    """The file of an import."""

    file = forms.FileField(label="Question file", help_text="GIFT, Aiken or Moodle XML, as other systems export it.")
    format = forms.ChoiceField(
        choices=[("", "Told by the file"), *formats.choices()],
        required=False,
        help_text="Choose it where the file's name does not tell.",
    )
    category = forms.CharField(
        required=False,
        max_length=NAME_LENGTH,
        help_text="For questions that the file puts in none. A name that is not there yet makes a new category.",
    )

    def clean_file(self) -> object:
        """Refuse a file that is too large to be looked at."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(str(too_large()))
        return file

    def clean(self) -> dict[str, object]:
        """Tell the format by the file where it is not said."""
        cleaned: dict[str, object] = super().clean() or {}
        file = self.cleaned_data.get("file")
        if file and not cleaned.get("format"):
            cleaned["format"] = formats.guess(file.name, file.read(100_000))
            file.seek(0)
            if not cleaned["format"]:
                self.add_error("format", "The file does not tell its format. Choose it here.")
        return cleaned


class QuestionExportForm(forms.Form):
    """What to export, and as what."""

    format = forms.ChoiceField(
        choices=formats.choices(), help_text="Moodle XML holds everything, pictures included; Aiken single choice only."
    )
    category = forms.ModelChoiceField(
        queryset=Category.objects.all(),
        required=False,
        empty_label="The whole bank",
        help_text="With a category, those inside it come along.",
    )
