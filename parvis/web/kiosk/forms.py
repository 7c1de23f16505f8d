"""The two forms that are more than buttons: the date on a permit, and who the ticket is for."""

from datetime import date
from typing import Any, cast

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from parvis.common import clock
from parvis.common.text import clean

NAME_LIMIT = 120
OLDEST = 110
# A card lasts ten years at most; one that ended long ago is still brought to the door.
EXPIRY_YEARS_BACK, EXPIRY_YEARS_AHEAD = 6, 11


class DayForm(forms.Form):
    """A date in three lists: no keyboard, no doubt between day and month, in every language."""

    wrong_date = _("Cette date n'existe pas. Choisissez le jour, le mois et l'année.")

    day = forms.TypedChoiceField(label=_("Jour"), coerce=int)
    month = forms.TypedChoiceField(label=_("Mois"), coerce=int)
    year = forms.TypedChoiceField(label=_("Année"), coerce=int)

    def __init__(self, *args: Any, years: range, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("day", [(day, str(day)) for day in range(1, 32)])
        self._offer("month", list(MONTHS.items()))
        self._offer("year", [(year, str(year)) for year in years])

    def _offer(self, name: str, choices: list[tuple[int, Any]]) -> None:
        field = cast(forms.TypedChoiceField, self.fields[name])
        field.choices = [("", field.label), *choices]
        field.error_messages = {"required": self.wrong_date, "invalid_choice": self.wrong_date}
        field.widget.attrs["aria-label"] = field.label

    def clean(self) -> dict[str, Any]:
        """Join the three lists into ``date``."""
        data = super().clean() or {}
        try:
            data["date"] = date(data["year"], data["month"], data["day"])
        except (KeyError, ValueError):
            self.add_error(None, forms.ValidationError(self.wrong_date, code="date"))
            for name in ("day", "month", "year"):
                self.fields[name].widget.attrs |= {"aria-describedby": "date-error", "aria-invalid": "true"}
            self.fields["day"].widget.attrs["autofocus"] = True
        return data

    @property
    def date_error(self) -> str:
        """What is wrong with the date, said once for the three lists."""
        return str(self.wrong_date) if self.is_bound and self.non_field_errors() else ""


class ExpiryForm(DayForm):
    """The date at which the permit ends, as printed on it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        this_year = clock.today().year
        super().__init__(*args, years=range(this_year - EXPIRY_YEARS_BACK, this_year + EXPIRY_YEARS_AHEAD), **kwargs)


_DOOR_CODE = {
    "autocomplete": "off",
    "maxlength": 12,
    "dir": "ltr",
    "autocapitalize": "characters",
    "spellcheck": "false",
    "aria-describedby": "id_door_code_helptext",
}


class NumberForm(forms.Form):
    """What names an appointment: a scanned code, its number, or the foreign number. A scanner types like a keyboard."""

    n = forms.CharField(
        label=_("Numéro du rendez-vous ou numéro étranger"),
        max_length=300,
        error_messages={"required": _("Scannez le code ou tapez un numéro.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "dir": "ltr", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    door_code = forms.CharField(
        label=_("Code affiché à l'entrée"), required=False, widget=forms.TextInput(attrs=_DOOR_CODE)
    )


class HolderForm(DayForm):
    """Who the ticket is for. The name is kept as typed, in any script, cut to what a ticket can hold."""

    name = forms.CharField(
        label=_("Nom et prénom, comme sur le passeport"),
        error_messages={"required": _("Indiquez votre nom tel qu'il est écrit sur votre passeport.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "maxlength": NAME_LIMIT, "dir": "auto", "spellcheck": "false"}
        ),
    )
    return_code = forms.CharField(
        label=_("Code écrit sur le papier remis au guichet"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "maxlength": 12, "dir": "ltr", "autocapitalize": "characters"}
        ),
    )
    door_code = forms.CharField(
        label=_("Code affiché à l'entrée"),
        required=False,
        widget=forms.TextInput(attrs=_DOOR_CODE),
    )
    field_order = ["name", "day", "month", "year", "return_code", "door_code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        this_year = clock.today().year
        super().__init__(*args, years=range(this_year, this_year - OLDEST, -1), **kwargs)

    def clean_name(self) -> str:
        """One line, without invisible marks. Raises for a name that is nothing else."""
        name = clean(self.cleaned_data["name"], limit=NAME_LIMIT)
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name
