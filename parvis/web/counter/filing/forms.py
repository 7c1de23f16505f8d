"""What the agent types to open a file: who, in which case, and the day on the permit."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.casefiles import queries as casefiles
from parvis.casefiles.models import CaseFile
from parvis.common import clock
from parvis.people import rules
from parvis.people.actions import Identity
from parvis.people.errors import FieldRefused
from parvis.people.models import NAME_LENGTH, Person
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure
from parvis.procedures.rules import own_and_charge
from parvis.web import languages
from parvis.web.counter.filing import cases
from parvis.web.counter.filing.prefill import Prefill
from parvis.web.desk.forms import DAYS

_DAY = {"placeholder": _("jj/mm/aaaa"), "inputmode": "numeric", "autocomplete": "off"}
_NAME = {"autocomplete": "off", "dir": "auto", "spellcheck": "false"}
_NUMBER = {"autocomplete": "off", "dir": "ltr", "spellcheck": "false"}
IDENTITY = ("family_name", "given_name", "birth_date", "foreign_number", "passport_number", "phone", "email")


class RequestForm(forms.Form):
    """What is asked: the case, the fee, what is charged on top of it, and until when the permit in hand runs.

    What is left to the permit is computed here: it is the same with a script and without one.
    """

    case = forms.ChoiceField(label=_("Cas"), required=False)
    fee_case = forms.ChoiceField(label=_("Tarif"), required=False)
    charge = forms.ChoiceField(label=_("Droit de régularisation"), required=False)
    permit_expires_on = forms.DateField(
        label=_("Titre valable jusqu'au"),
        input_formats=DAYS,
        required=False,
        widget=forms.DateInput(_DAY, "%d/%m/%Y"),
    )

    def offer(self, procedure: Procedure, day: date, *, asks_expiry: bool) -> None:
        """The choices of the catalogue as it stood on the day of the deposit."""
        self.procedure, self.day = procedure, day
        self._offer("case", cases.cases(procedure, day))
        self._offer("fee_case", cases.fee_cases(procedure, day))
        self._offer("charge", cases.charges(procedure, day))
        if not asks_expiry:
            del self.fields["permit_expires_on"]

    def request(self) -> dict[str, Any]:
        """What is asked, whoever asks it."""
        data, charge = self.cleaned_data, self.cleaned_data.get("charge")
        expires_on = data.get("permit_expires_on")
        return {
            "case": data.get("case") or "default",
            "fee_case": casefiles.fee_case(
                self.procedure,
                self.day,
                expires_on=expires_on,
                own=data.get("fee_case") or "",
                charge="" if charge == cases.NO_CHARGE else charge or None,
            ),
            "permit_expires_on": expires_on,
        }

    def _offer(self, name: str, choices: cases.Choices) -> None:
        """A choice of one is no choice."""
        if len(choices) > 1:
            cast(forms.ChoiceField, self.fields[name]).choices = choices
        else:
            del self.fields[name]


class OpenForm(RequestForm):
    """A file to open for the procedure of the visit. With a known ``person`` nothing of their identity is typed."""

    field_order = ("key", *IDENTITY, "language")
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

    def __init__(self, *args: Any, procedure: Procedure, prefill: Prefill, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"key": uuid.uuid4().hex, **prefill.identity}
        self.person: Person | None = prefill.person
        if self.person:
            for name in (*IDENTITY, "language"):
                del self.fields[name]
        today = clock.today()
        self.offer(procedure, today, asks_expiry=catalogue.needs_expiry_date(procedure, today))

    def who(self) -> Person | Identity:
        """The person known, or what was typed of somebody who is not."""
        if self.person:
            return self.person
        typed = {name: self.cleaned_data[name] for name in (*IDENTITY, "language")}
        return cast(Identity, typed)

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


class CorrectForm(RequestForm):
    """What was said of a file when it was opened, to put right; what the form does not ask stays."""

    def __init__(self, typed: Mapping[str, str] | None = None, *, file: CaseFile) -> None:
        super().__init__(typed, auto_id="correct_%s")
        self.file = file
        expires_on, asks = file.permit_expires_on, catalogue.needs_expiry_date(file.procedure, file.deposited_on)
        self.offer(file.procedure, file.deposited_on, asks_expiry=asks or expires_on is not None)
        own, charge = own_and_charge(file.fee_case)
        by_permit = casefiles.fee_case(file.procedure, file.deposited_on, expires_on=expires_on)
        usual, usual_charge = own_and_charge(by_permit)
        self.initial = {
            "case": file.case,
            "fee_case": cases.BY_PERMIT if own == usual else own,
            "charge": cases.BY_PERMIT if charge == usual_charge else charge or cases.NO_CHARGE,
            "permit_expires_on": expires_on,
        }
        for name in ("case", "fee_case", "charge"):
            if name in self.fields:
                self._keep(cast(forms.ChoiceField, self.fields[name]), self.initial[name])

    def request(self) -> dict[str, Any]:
        """What the file is to say."""
        own, charge = own_and_charge(self.file.fee_case)
        data, kept = self.cleaned_data, {"case": self.file.case, "permit_expires_on": self.file.permit_expires_on}
        if "fee_case" not in self.fields:
            data["fee_case"] = own
        if "charge" not in self.fields:
            data["charge"] = charge or cases.NO_CHARGE
        return super().request() | {name: value for name, value in kept.items() if name not in self.fields}

    def _keep(self, field: forms.ChoiceField, code: str) -> None:
        """What the file says is always a choice, whatever the catalogue says of that day: nothing changes unseen."""
        choices = cast(cases.Choices, field.choices)
        if code not in dict(choices):
            field.choices = [*choices, (code, cases.fee_name(code))]
