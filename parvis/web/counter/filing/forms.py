"""What the agent types to open a file: who, in which case, and the day on the permit."""

import uuid
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.common import clock
from parvis.people import rules
from parvis.people.actions import Identity
from parvis.people.errors import FieldRefused
from parvis.people.models import NAME_LENGTH, Person
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure
from parvis.web import languages
from parvis.web.counter.filing import cases
from parvis.web.counter.filing.prefill import Prefill
from parvis.web.desk.forms import DAYS

_DAY = {"placeholder": _("jj/mm/aaaa"), "inputmode": "numeric", "autocomplete": "off"}
_NAME = {"autocomplete": "off", "dir": "auto", "spellcheck": "false"}
_NUMBER = {"autocomplete": "off", "dir": "ltr", "spellcheck": "false"}
IDENTITY = ("family_name", "given_name", "birth_date", "foreign_number", "passport_number", "phone", "email")


class OpenForm(forms.Form):
    """A file to open for the procedure of the visit. With a known ``person`` nothing of their identity is typed."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60, required=False)
    family_name = forms.CharField(label=_("Nom de famille"), max_length=NAME_LENGTH, widget=forms.TextInput(_NAME))
    given_name = forms.CharField(
        label=_("Prénoms"), max_length=NAME_LENGTH, required=False, widget=forms.TextInput(_NAME)
    )
    birth_date = forms.DateField(label=_("Né(e) le"), input_formats=DAYS, widget=forms.DateInput(_DAY, "%d/%m/%Y"))
    foreign_number = forms.CharField(
        label=_("N° étranger"), max_length=20, required=False, widget=forms.TextInput(_NUMBER)
    )
    passport_number = forms.CharField(
        label=_("Numéro de passeport"), max_length=30, required=False, widget=forms.TextInput(_NUMBER)
    )
    phone = forms.CharField(label=_("Téléphone"), max_length=30, required=False, widget=forms.TextInput(_NUMBER))
    email = forms.CharField(label=_("Courriel"), max_length=254, required=False, widget=forms.TextInput(_NUMBER))
    language = forms.ChoiceField(label=_("Langue"), choices=languages.spoken)
    case = forms.ChoiceField(label=_("Cas"), required=False)
    fee_case = forms.ChoiceField(label=_("Tarif"), required=False)
    permit_expires_on = forms.DateField(
        label=_("Titre valable jusqu'au"),
        input_formats=DAYS,
        required=False,
        widget=forms.DateInput(_DAY, "%d/%m/%Y"),
    )

    def __init__(self, *args: Any, procedure: Procedure, prefill: Prefill, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"key": uuid.uuid4().hex, **prefill.identity}
        self.person: Person | None = prefill.person
        if self.person:
            for name in (*IDENTITY, "language"):
                del self.fields[name]
        today = clock.today()
        self._offer("case", cases.cases(procedure, today))
        self._offer("fee_case", cases.fee_cases(procedure, today))
        if not catalogue.needs_expiry_date(procedure, today):
            del self.fields["permit_expires_on"]

    def who(self) -> Person | Identity:
        """The person known, or what was typed of somebody who is not."""
        if self.person:
            return self.person
        typed = {name: self.cleaned_data[name] for name in (*IDENTITY, "language")}
        return cast(Identity, typed)

    def request(self) -> dict[str, Any]:
        """What is asked, whoever asks it."""
        data = self.cleaned_data
        return {
            "case": data.get("case") or "default",
            "fee_case": data.get("fee_case") or "",
            "permit_expires_on": data.get("permit_expires_on"),
        }

    def refuse(self, error: FieldRefused) -> None:
        """Say beside a field what the office does not keep."""
        self.add_error(error.field if error.field in self.fields else None, str(error))

    def clean(self) -> dict[str, Any]:
        """Each line as the office keeps it."""
        data = super().clean() or {}
        checks = {"family_name": rules.family_name, "foreign_number": rules.foreign_number}
        checks |= {"passport_number": rules.passport_number, "phone": rules.phone, "email": rules.email}
        for name, check in checks.items():
            if name in data:
                try:
                    data[name] = check(data[name])
                except FieldRefused as error:
                    self.refuse(error)
        return data

    def _offer(self, name: str, choices: cases.Choices) -> None:
        """A choice of one is no choice."""
        if len(choices) > 1:
            cast(forms.ChoiceField, self.fields[name]).choices = choices
        else:
            del self.fields[name]
