"""What may be asked of the journal."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.common import clock
from parvis.offices.models import Office
from parvis.web.audit.kinds import KINDS


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SearchForm(forms.Form):
    """A kind of fact, an agent, a day, a ticket or an appointment, the calls out of order; all may stay empty."""

    what = forms.CharField(
        label=_("Fait"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "kinds", "autocomplete": "off", "placeholder": _("Appel")}),
    )
    agent = forms.TypedChoiceField(label=_("Agent"), required=False, coerce=int, empty_value=None)
    day = forms.DateField(label=_("Jour"), required=False, widget=_Day(), input_formats=["%Y-%m-%d"])
    ticket = forms.CharField(
        label=_("Ticket ou rendez-vous"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "D012"}),
    )

    out_of_order = forms.BooleanField(label=_("Appels hors de leur tour seulement"), required=False)

    def __init__(self, *args: Any, office: Office, **more: Any) -> None:
        super().__init__(*args, **more)
        people = [(agent.pk, agent.name) for agent in office.agents.order_by("name", "pk")]
        self.fields["agent"].choices = [("", _("Tous")), *people]  # type: ignore[attr-defined]

    def clean_what(self) -> str:
        """The code of a kind typed by its name; what is typed otherwise is a code or its beginning."""
        typed: str = self.cleaned_data["what"].strip()
        return next((code for code, kind in KINDS.items() if str(kind.label).casefold() == typed.casefold()), typed)

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day and not date(2000, 1, 1) <= day <= clock.today():
            raise ValidationError(_("Choisissez un jour passé, ou aujourd'hui."))
        return day
