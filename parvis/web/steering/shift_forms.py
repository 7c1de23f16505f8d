"""What the head of office types about who works when."""

import datetime as dt
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices.models import Counter, Office, Shift
from parvis.web.steering.forms import FURTHEST, DateInput, TimeInput

EARLIEST = dt.date(2000, 1, 1)


class ShownDayForm(forms.Form):
    """The day whose shifts are read: any past one, or one of the two years to come; today when none is named."""

    date = forms.DateField(label=_("Jour"), required=False, widget=DateInput(), input_formats=["%Y-%m-%d"])

    def clean_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["date"] or clock.today()
        if not EARLIEST <= day <= clock.today() + FURTHEST:
            raise ValidationError(_("Choisissez une date dans les deux ans."))
        return day


class ShiftForm(forms.Form):
    """Who works on a day, at what, at which counter if at one, from when to when."""

    day = forms.DateField(label=_("Jour du service"), widget=DateInput(), input_formats=["%Y-%m-%d"])
    agent = forms.ChoiceField(label=_("Agent"))
    duty = forms.ChoiceField(label=_("Service"), choices=Shift.Duty.choices)
    counter = forms.ChoiceField(label=_("Guichet"), required=False)
    starts = forms.TimeField(label=_("De"), widget=TimeInput())
    ends = forms.TimeField(label=_("À"), widget=TimeInput())

    def __init__(self, *args: Any, office: Office, **more: Any) -> None:
        super().__init__(*args, **more)
        self.agents = {str(one.pk): one for one in offices.agents(office)}
        self.counters = {str(one.number): one for one in offices.counters(office)}
        agents = [("", "—"), *((key, one.name) for key, one in self.agents.items())]
        cast(forms.ChoiceField, self.fields["agent"]).choices = agents
        counters = [("", _("Aucun")), *((key, key) for key in self.counters)]
        cast(forms.ChoiceField, self.fields["counter"]).choices = counters

    def clean_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["day"]
        if day < clock.today():
            raise ValidationError(_("Ce jour est passé : choisissez aujourd'hui ou un jour à venir."))
        if day > clock.today() + FURTHEST:
            raise ValidationError(_("Choisissez une date dans les deux ans."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("La fin du service vient après son début."))
        return cleaned

    @property
    def hours(self) -> tuple[dt.datetime, dt.datetime]:
        """The instants between which the shift lasts."""
        day, starts, ends = (self.cleaned_data[name] for name in ("day", "starts", "ends"))
        return clock.at(day, f"{starts:%H:%M}"), clock.at(day, f"{ends:%H:%M}")

    @property
    def chosen_counter(self) -> Counter | None:
        """The counter chosen, None for a duty without one."""
        return self.counters.get(self.cleaned_data["counter"])
