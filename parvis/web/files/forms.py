"""The forms of one's own file. What was typed stays when something is wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.common import clock, text
from parvis.web.appointments.forms import CodeForm, SaysWhere
from parvis.web.kiosk.forms import DayForm

__all__ = ["CodeForm", "FileForm"]

OLDEST = 110


class FileForm(DayForm, SaysWhere):
    """The number of a file, or of its receipt, and the birth date of its person."""

    number = forms.CharField(
        label=_("Numéro du dossier ou du récépissé"),
        error_messages={"required": _("Écrivez le numéro.")},
        widget=forms.TextInput(
            attrs={
                "maxlength": 20,
                "dir": "ltr",
                "autocapitalize": "characters",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        this_year = clock.today().year
        super().__init__(*args, years=range(this_year, this_year - OLDEST, -1), **kwargs)

    def clean_number(self) -> str:
        """As printed: capitals and figures alone."""
        typed = text.clean(str(self.cleaned_data["number"]), limit=40).upper()
        return "".join(sign for sign in typed if sign.isalnum())[:20]

    def clean(self) -> dict[str, Any]:
        """Marked where something is wrong."""
        data = super().clean()
        self.mark()
        return data
