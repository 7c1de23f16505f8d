"""The forms of the public path. What was typed stays when something is wrong."""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from parvis.booking import rules as booking
from parvis.booking.errors import BookerMissing, ContactMissing, IdentityMissing
from parvis.booking.models import Appointment
from parvis.booking.rules import Attendee, Booker, Contact
from parvis.booking.states import BookedBy, UrgentGround
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.people import rules as people
from parvis.people.models import NAME_LENGTH
from parvis.procedures.models import Procedure
from parvis.reception.errors import NothingAsked
from parvis.web.kiosk.forms import DayForm

OLDEST = 110
HALF_DAYS = [(f"{day}{half}", day, half) for day in range(1, 6) for half in ("am", "pm")]


def _line(label: object, *, limit: int, required: bool = False, **attrs: str) -> forms.CharField:
    """One line of text, kept as typed in any script."""
    shown = {"maxlength": str(limit), "dir": "auto", "spellcheck": "false", "autocomplete": "off", **attrs}
    return forms.CharField(label=label, required=required, widget=forms.TextInput(attrs=shown))  # type: ignore[arg-type]


def _checked(rule: Callable[[str], str], typed: str) -> str:
    """What a rule makes of a text, its refusal said beside the field."""
    try:
        return rule(typed)
    except BusinessError as error:
        raise forms.ValidationError(str(error), code=error.code) from None


class SaysWhere(forms.Form):
    """Marks each field that is wrong, ties it to its message, and begins at the first one."""

    def mark(self) -> None:
        """Once checked: ``aria-invalid`` and ``aria-describedby`` on what is wrong."""
        for name in self.errors:
            if name in self.fields:
                described = f"{self[name].id_for_label}_error"
                self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": described}
        first = next((name for name in self.fields if name in self.errors), None)
        if first is not None:
            # Of several on a page, browsers take the first.
            self.fields[first].widget.attrs["autofocus"] = True


class PersonForm(DayForm, SaysWhere):
    """One person who comes: names as on the passport, birth date, and a number that says who it is."""

    family_name = _line(_("Nom de famille"), limit=NAME_LENGTH, autocomplete="family-name")
    given_name = _line(_("Prénom (s'il y en a un)"), limit=NAME_LENGTH, autocomplete="given-name")
    foreign_number = _line(_("Numéro étranger"), limit=20, dir="ltr", inputmode="numeric")
    passport_number = _line(_("Numéro de passeport"), limit=30, dir="ltr", autocapitalize="characters")
    procedures = forms.MultipleChoiceField(
        label=_("Vous venez pour"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NothingAsked.message},
    )
    field_order = ["family_name", "given_name", "day", "month", "year", "foreign_number", "passport_number"]

    def __init__(self, *args: Any, among: tuple[Procedure, ...] = (), **kwargs: Any) -> None:
        """``among``: what this person may come for, where it is not the same for everybody."""
        this_year = clock.today().year
        super().__init__(*args, years=range(this_year, this_year - OLDEST, -1), **kwargs)
        if len(among) > 1:
            choice = cast(forms.MultipleChoiceField, self.fields["procedures"])
            choice.choices = [(one.code, one.label) for one in among]
            choice.initial = [one.code for one in among]
        else:
            del self.fields["procedures"]

    def clean_family_name(self) -> str:
        """A name of one letter and more, in any script."""
        return _checked(people.family_name, self.cleaned_data["family_name"])

    def clean_given_name(self) -> str:
        """Many people have none."""
        return people.given_name(self.cleaned_data["given_name"])

    def clean_foreign_number(self) -> str:
        """9 or 10 digits, or nothing."""
        return _checked(people.foreign_number, self.cleaned_data["foreign_number"])

    def clean_passport_number(self) -> str:
        """Letters and digits, or nothing."""
        return _checked(booking.passport, self.cleaned_data["passport_number"])

    def clean(self) -> dict[str, Any]:
        """A date that exists and is over; one of the two numbers."""
        data = super().clean()
        born = data.get("date")
        if born is not None and born > clock.today():
            self.add_error(None, forms.ValidationError(self.wrong_date, code="date"))
            self.fields["day"].widget.attrs["autofocus"] = True
        typed = {"foreign_number", "passport_number"}
        if not any(data.get(name) for name in typed) and not typed & set(self.errors):
            self.add_error("foreign_number", forms.ValidationError(str(IdentityMissing.message), code="identity"))
        self.mark()
        for name in ("day", "month", "year"):
            if self.non_field_errors():
                self.fields[name].widget.attrs |= {"aria-describedby": self.date_id, "aria-invalid": "true"}
        return data

    @property
    def date_id(self) -> str:
        """The id of the message about the date: several persons stand on one page."""
        return f"{self.prefix or 'p'}-date-error"

    def attendees(self, procedures: tuple[Procedure, ...]) -> list[Attendee]:
        """This person, once for each procedure that is theirs."""
        typed = self.cleaned_data
        theirs = typed.get("procedures") or [one.code for one in procedures]
        return [
            Attendee(
                family_name=typed["family_name"],
                given_name=typed["given_name"],
                birth_date=typed["date"],
                foreign_number=typed["foreign_number"],
                passport_number=typed["passport_number"],
                procedure=procedure,
            )
            for procedure in procedures
            if procedure.code in theirs
        ]


class ContactForm(SaysWhere):
    """How the person is told: an e-mail address, a phone, or both."""

    email = forms.CharField(
        label=_("Adresse électronique"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": 254, "dir": "ltr"}),
    )
    phone = forms.CharField(
        label=_("Téléphone portable"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "maxlength": 30, "dir": "ltr"}),
    )

    def clean_email(self) -> str:
        """An address, or nothing."""
        return _checked(people.email, self.cleaned_data["email"])

    def clean_phone(self) -> str:
        """A number, or nothing."""
        return _checked(booking.phone, self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """At least one of the two."""
        data = super().clean() or {}
        if not self.errors and not data.get("email") and not data.get("phone"):
            self.add_error("email", forms.ValidationError(str(ContactMissing.message), code="contact"))
        self.mark()
        return data

    def contact(self) -> Contact:
        """What was typed, in the language being spoken."""
        typed = self.cleaned_data
        return Contact(email=typed["email"], phone=typed["phone"], language=people.language(get_language() or "fr"))


class BookerForm(SaysWhere):
    """Who fills the form, when it is not the person."""

    kind = forms.ChoiceField(label=_("Qui prend ce rendez-vous ?"), choices=BookedBy.choices, required=False)
    name = _line(_("Votre nom, ou celui de l'association"), limit=NAME_LENGTH)
    booker_email = forms.CharField(
        label=_("Votre adresse électronique (pour recevoir une copie)"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "maxlength": 254, "dir": "ltr"}),
    )

    def clean_name(self) -> str:
        """One line."""
        return people.given_name(self.cleaned_data["name"])

    def clean_booker_email(self) -> str:
        """An address, or nothing."""
        return _checked(people.email, self.cleaned_data["booker_email"])

    def clean(self) -> dict[str, Any]:
        """Whoever books for somebody else says their name."""
        data = super().clean() or {}
        if data.get("kind") not in ("", None, BookedBy.SELF) and not data.get("name"):
            self.add_error("name", forms.ValidationError(str(BookerMissing.message), code="booker"))
        self.mark()
        return data

    @property
    def is_other(self) -> bool:
        """Whether somebody else fills the form, as far as it was filled."""
        return self["kind"].value() not in ("", None, BookedBy.SELF, BookedBy.SELF.value)

    def booker(self) -> Booker:
        """Who it is."""
        typed = self.cleaned_data
        kind = BookedBy(typed["kind"] or BookedBy.SELF)
        if kind == BookedBy.SELF:
            return Booker()
        return Booker(kind=kind, name=typed["name"], email=typed["booker_email"])


class CodeForm(SaysWhere):
    """The code that was sent."""

    code = forms.CharField(
        label=_("Code reçu"),
        error_messages={"required": _("Écrivez le code reçu.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12, "dir": "ltr"}
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Marked when missing."""
        data = super().clean() or {}
        self.mark()
        return data

    def clean_code(self) -> str:
        """Letters and digits, those of any script as 0 to 9; spaces aside."""
        typed = self.cleaned_data["code"][:40]
        return "".join(str(unicodedata.decimal(one, one)) for one in typed if one.isalnum())


class RequestForm(SaysWhere):
    """The half-days that suit, and why it cannot wait."""

    suits = forms.MultipleChoiceField(required=False, choices=[(code, code) for code, _day, _half in HALF_DAYS])
    ground = forms.ChoiceField(label=_("Motif d'urgence"), required=False, choices=UrgentGround.choices)
    ground_reason = forms.CharField(
        label=_("Expliquez en quelques mots"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300, "dir": "auto"}),
    )

    def clean(self) -> dict[str, Any]:
        """A ground comes with its reason."""
        data = super().clean() or {}
        if data.get("ground") and not data.get("ground_reason", "").strip():
            self.add_error("ground_reason", forms.ValidationError(_("Expliquez en quelques mots."), code="reason"))
        self.mark()
        return data


def begun(appointment: Appointment) -> tuple[list[dict[str, Any]], dict[str, str], dict[str, str]]:
    """What the forms begin with when something was kept already: persons, contact, booker."""
    persons: dict[str, dict[str, Any]] = {}
    for one in appointment.booked.all():
        persons.setdefault(
            one.identity,
            _person(one.birth_date)
            | {
                "family_name": one.family_name,
                "given_name": one.given_name,
                "foreign_number": one.foreign_number,
                "passport_number": one.passport_number,
                "procedures": [],
            },
        )["procedures"].append(one.procedure.code)
    contact = {"email": appointment.email, "phone": appointment.phone}
    booker = {
        "kind": appointment.booked_by,
        "name": appointment.booker_name,
        "booker_email": appointment.booker_email,
    }
    return list(persons.values()), contact, booker


def _person(born: date) -> dict[str, int]:
    return {"day": born.day, "month": born.month, "year": born.year}
