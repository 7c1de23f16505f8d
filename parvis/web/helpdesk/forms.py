"""What an agent types to book: the visit, the people, how they are told."""

import uuid
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from parvis.booking import queries as bookings
from parvis.booking import rules
from parvis.booking.rules import Attendee, Booker, Contact, Wish
from parvis.booking.states import BookedBy, CancelReason, Channel, UrgentGround
from parvis.offices.models import Office
from parvis.permits import queries as permits
from parvis.permits.models import Permit
from parvis.procedures.models import Procedure
from parvis.web import languages
from parvis.web.desk.forms import DAYS, served

_OFF = {"autocomplete": "off"}
_DAY = {"placeholder": _("jj/mm/aaaa"), "inputmode": "numeric", "autocomplete": "off"}
_AGENT_CHANNELS = (Channel.PHONE, Channel.DESK, Channel.DIGITAL_POINT, Channel.URGENT)
# More than anybody comes for in a day.
MOST_PROCEDURES = 6


class WishForm(forms.Form):
    """The visit: for what, for how many, through which channel; for a handover, which card."""

    d = forms.MultipleChoiceField(
        label=_("Pour quelle démarche ?"), error_messages={"required": _("Choisissez au moins une démarche.")}
    )
    n = forms.IntegerField(label=_("Combien de personnes ?"), min_value=1, required=False)
    canal = forms.ChoiceField(
        label=_("Canal"), required=False, choices=[(one.value, one.label) for one in _AGENT_CHANNELS]
    )
    carte = forms.CharField(
        label=_("N° du titre à remettre"), required=False, max_length=40, widget=forms.TextInput(attrs=_OFF)
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office
        self.catalogue: dict[str, Procedure] = {one.code: one for one in served(office)}
        cast(forms.MultipleChoiceField, self.fields["d"]).choices = [
            (code, one.name) for code, one in self.catalogue.items()
        ]
        cast(forms.IntegerField, self.fields["n"]).widget.attrs |= {"min": 1, "max": self.most_people}

    @property
    def most_people(self) -> int:
        """The people one visit takes at this office."""
        return bookings.policy(self.office).most_people

    def clean(self) -> dict[str, Any]:
        """A handover names its card; a visit has a measure."""
        data = super().clean() or {}
        data["n"] = data.get("n") or 1
        data["canal"] = data.get("canal") or Channel.DESK
        chosen = data.get("d", [])
        if len(chosen) > MOST_PROCEDURES:
            self.add_error("d", _("C'est trop pour une seule visite : gardez six démarches au plus."))
        if data["n"] > self.most_people:
            said = _("Un rendez-vous est pour %(most)s personnes au plus.") % {"most": self.most_people}
            self.add_error("n", said)
        data["permit"] = permits.by_number(data.get("carte", "")) if data.get("carte") else None
        if any(rules.needs_card(self.catalogue[code]) for code in chosen) and data["permit"] is None:
            self.add_error("carte", _("Écrivez le numéro du titre : une remise se réserve quand la carte est arrivée."))
        return data

    def wish(self) -> Wish:
        """What to look for."""
        data = self.cleaned_data
        chosen = tuple(one for code, one in self.catalogue.items() if code in data["d"])
        return Wish(
            office=self.office,
            procedures=chosen,
            people=data["n"],
            channel=Channel(data["canal"]),
            permit=data["permit"],
        )


class PersonForm(forms.Form):
    """One person of the visit. A number names them: the foreign number, or the passport's."""

    family_name = forms.CharField(label=_("Nom"), max_length=120, widget=forms.TextInput(attrs={**_OFF, "dir": "auto"}))
    given_name = forms.CharField(
        label=_("Prénom"), max_length=120, required=False, widget=forms.TextInput(attrs={**_OFF, "dir": "auto"})
    )
    birth_date = forms.DateField(label=_("Né(e) le"), input_formats=DAYS, widget=forms.DateInput(attrs=_DAY))
    foreign_number = forms.CharField(
        label=_("N° étranger"), max_length=40, required=False, widget=forms.TextInput(attrs=_OFF)
    )
    passport_number = forms.CharField(
        label=_("N° de passeport"), max_length=60, required=False, widget=forms.TextInput(attrs=_OFF)
    )

    def attendees(self, wish: Wish) -> list[Attendee]:
        """This person, once for each procedure of the visit."""
        permit: Permit | None = wish.permit
        return [
            Attendee(**self.cleaned_data, procedure=one, permit=permit if rules.needs_card(one) else None)
            for one in wish.procedures
        ]


class ContactForm(forms.Form):
    """How the person is told, in which language, and who asks."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    email = forms.EmailField(label=_("Courriel"), required=False, widget=forms.EmailInput(attrs=_OFF))
    phone = forms.CharField(label=_("Téléphone"), max_length=60, required=False, widget=forms.TextInput(attrs=_OFF))
    language = forms.ChoiceField(label=_("Langue"), choices=languages.spoken)
    booked_by = forms.ChoiceField(label=_("Qui demande ?"), choices=BookedBy.choices)
    booker_name = forms.CharField(
        label=_("Son nom, si c'est quelqu'un d'autre"), max_length=120, required=False,
        widget=forms.TextInput(attrs={**_OFF, "dir": "auto"}),
    )  # fmt: skip
    booker_email = forms.EmailField(label=_("Son courriel"), required=False, widget=forms.EmailInput(attrs=_OFF))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"language": settings.LANGUAGE_CODE, "key": uuid.uuid4().hex, "booked_by": BookedBy.SELF}

    def contact(self) -> Contact:
        """Where the person is told."""
        data = self.cleaned_data
        return Contact(email=data["email"], phone=data["phone"], language=data["language"])

    def booker(self) -> Booker:
        """Who takes the appointment."""
        data = self.cleaned_data
        return Booker(kind=BookedBy(data["booked_by"]), name=data["booker_name"], email=data["booker_email"])


class UrgencyForm(forms.Form):
    """What decides the place of a request in a draw."""

    expires_on = forms.DateField(
        label=_("Titre valable jusqu'au"), required=False, input_formats=DAYS, widget=forms.DateInput(attrs=_DAY)
    )
    ground = forms.ChoiceField(label=_("Urgence"), required=False, choices=UrgentGround.choices)
    ground_reason = forms.CharField(label=_("Motif de l'urgence"), required=False, max_length=300)


class CancelForm(forms.Form):
    """Why an appointment is cancelled."""

    reason = forms.ChoiceField(
        label=_("Pourquoi ?"),
        choices=[
            (one.value, one.label)
            for one in (CancelReason.PERSON, CancelReason.SERVED_OTHERWISE, CancelReason.WRONG_PERSON)
        ],
    )
