"""What the head of office types."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from parvis.common import clock
from parvis.common.text import clean
from parvis.offices import queries as offices
from parvis.offices.models import Office
from parvis.reception.errors import InvalidPolicy
from parvis.reception.rules import BOUNDS, check_policy

FURTHEST = dt.timedelta(days=730)
REASON_LENGTH = 200


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ComingDay(forms.DateField):
    """A day from today on, within two years."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=DateInput(), input_formats=["%Y-%m-%d"], **more)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value < clock.today():
            raise ValidationError(_("Cette date est passée : l'historique des ouvertures ne se réécrit pas."))
        if value and value > clock.today() + FURTHEST:
            raise ValidationError(_("Choisissez une date dans les deux ans."))


class _Reason(forms.CharField):
    """What the public is told, in one language."""

    def __init__(self, language: str, **more: Any) -> None:
        widget = forms.TextInput(attrs={"lang": language, "dir": "rtl" if language == "ar" else "ltr"})
        super().__init__(max_length=REASON_LENGTH, widget=widget, **more)

    def clean(self, value: Any) -> str:
        return clean(super().clean(value), limit=REASON_LENGTH)


def reasons(cleaned: dict[str, Any]) -> dict[str, str]:
    """The reason by language, without the languages left empty."""
    typed = {language: cleaned.get(f"reason_{language}", "") for language in ("fr", "en", "ar")}
    return {language: text for language, text in typed.items() if text}


class OpeningForm(forms.Form):
    """New hours of one weekday of a line, from a day on. No hours at all means closed."""

    weekday = forms.TypedChoiceField(
        label=_("Jour de la semaine"), coerce=int, choices=[(number + 1, name) for number, name in WEEKDAYS.items()]
    )
    valid_from = ComingDay(label=_("À partir du"))
    opens_1 = forms.TimeField(label=_("Ouvre à"), required=False, widget=TimeInput())
    closes_1 = forms.TimeField(label=_("Ferme à"), required=False, widget=TimeInput())
    opens_2 = forms.TimeField(label=_("Rouvre à"), required=False, widget=TimeInput())
    closes_2 = forms.TimeField(label=_("Referme à"), required=False, widget=TimeInput())
    closed = forms.BooleanField(label=_("Fermé toute la journée"), required=False)
    reason_fr = _Reason("fr", label=_("Si c'est fermé, ce que lit le public, en français"), required=False)
    reason_en = _Reason("en", label=_("En anglais"), required=False)
    reason_ar = _Reason("ar", label=_("En arabe"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in ("1", "2"):
            opens, closes = cleaned.get(f"opens_{number}"), cleaned.get(f"closes_{number}")
            if (opens is None) != (closes is None) and not {f"opens_{number}", f"closes_{number}"} & self.errors.keys():
                self.add_error(f"closes_{number}", _("Donnez l'heure d'ouverture et l'heure de fermeture."))
            elif opens and closes and closes <= opens:
                self.add_error(f"closes_{number}", _("La fermeture vient après l'ouverture."))
        if not self.errors and self.hours and cleaned.get("closed"):
            self.add_error("closed", _("Des horaires sont donnés : effacez-les ou décochez cette case."))
        if not self.errors and not self.hours and not cleaned.get("closed"):
            self.add_error("opens_1", _("Donnez des horaires, ou cochez « Fermé toute la journée »."))
        return cleaned

    @property
    def hours(self) -> list[tuple[dt.time, dt.time]]:
        """The hours typed, in the order typed."""
        return list(self._hours())

    def _hours(self) -> Iterator[tuple[dt.time, dt.time]]:
        for number in ("1", "2"):
            opens, closes = self.cleaned_data.get(f"opens_{number}"), self.cleaned_data.get(f"closes_{number}")
            if opens and closes:
                yield opens, closes


class ClosureForm(forms.Form):
    """One day on which some lines, or all, do not open."""

    day = ComingDay(label=_("Jour"))
    lines = forms.MultipleChoiceField(
        label=_("Files fermées"),
        help_text=_("Aucune case cochée : tout le bureau ferme."),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    reason_fr = _Reason("fr", label=_("Ce que lit le public, en français"))
    reason_en = _Reason("en", label=_("En anglais"), required=False)
    reason_ar = _Reason("ar", label=_("En arabe"), required=False)

    def __init__(self, *args: Any, office: Office, **more: Any) -> None:
        super().__init__(*args, **more)
        self.choices = {line.code: line for line in offices.lines(office)}
        choices = [(code, f"{line.letter} · {line.name}") for code, line in self.choices.items()]
        self.fields["lines"].choices = choices  # type: ignore[attr-defined]


def _minutes(name: str, label: Any, **more: Any) -> forms.IntegerField:
    low, high = BOUNDS[name]
    return forms.IntegerField(label=label, min_value=low, max_value=high, **more)


class PolicyForm(forms.Form):
    """Head starts and tolerances in minutes, and the ticket printer."""

    appointment_head_start = _minutes("appointment_head_start", _("Avance d'un rendez-vous"))
    priority_head_start = _minutes("priority_head_start", _("Avance d'une priorité légale"))
    absent_pause = _minutes(
        "absent_pause",
        _("Délai avant de rappeler un absent"),
        help_text=_("Au second appel sans réponse, elle sort de la file ; l'accueil peut l'y remettre."),
    )
    doors_before_opening = _minutes("doors_before_opening", _("Tickets donnés avant l'ouverture"))
    printer_host = forms.CharField(
        label=_("Adresse sur le réseau"),
        help_text=_("Nom ou adresse IP. Vide : le navigateur de la borne imprime."),
        required=False,
        max_length=200,
    )
    printer_port = _minutes("printer_port", _("Port"))

    def clean_printer_host(self) -> str:
        host = str(self.cleaned_data["printer_host"])
        try:
            check_policy({"printer_host": host})
        except InvalidPolicy:
            raise ValidationError(_("Ce nom d'imprimante n'est pas possible.")) from None
        return host


class DayForm(forms.Form):
    """A day that has begun."""

    date = forms.DateField(label=_("Jour"), required=False, widget=DateInput(), input_formats=["%Y-%m-%d"])

    def clean_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["date"] or clock.today()
        if not dt.date(2000, 1, 1) <= day <= clock.today():
            raise ValidationError(_("Choisissez un jour passé, ou aujourd'hui."))
        return day
