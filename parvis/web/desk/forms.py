"""What the greeter types: an arrival, a right to come back."""

import uuid
from datetime import datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices.models import Office
from parvis.people.models import Person
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure
from parvis.reception.rules import Arrival
from parvis.reception.states import Priority, ReturnKind
from parvis.web import languages, prereception

DAYS = ["%d/%m/%Y", "%d%m%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y", "%Y-%m-%d"]
_DAY = {"placeholder": _("jj/mm/aaaa"), "inputmode": "numeric", "autocomplete": "off"}


class ArrivalForm(forms.Form):
    """Somebody at the desk. A date is typed in one go, with or without separators."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=60)
    procedures = forms.MultipleChoiceField(
        label=_("Pour quelle démarche ?"), error_messages={"required": _("Choisissez au moins une démarche.")}
    )
    person = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Nom et prénom"), required=False)
    born = forms.DateField(label=_("Né(e) le"), required=False, input_formats=DAYS, widget=forms.DateInput(attrs=_DAY))
    commune = forms.ChoiceField(label=_("Commune"), required=False)
    expires_on = forms.DateField(
        label=_("Titre valable jusqu'au"), required=False, input_formats=DAYS, widget=forms.DateInput(attrs=_DAY)
    )
    language = forms.ChoiceField(label=_("Langue"), choices=languages.spoken)
    priority = forms.ChoiceField(label=_("Priorité"), required=False, choices=Priority.choices)
    return_code = forms.CharField(label=_("Code de retour"), required=False, max_length=12)

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"language": settings.LANGUAGE_CODE, "key": uuid.uuid4().hex}
        self.office = office
        self.catalogue: dict[str, Procedure] = {one.code: one for one in served(office)}
        cast(forms.MultipleChoiceField, self.fields["procedures"]).choices = [
            (code, one.name) for code, one in self.catalogue.items()
        ]
        cast(forms.ChoiceField, self.fields["commune"]).choices = [
            ("", "—"),
            *((one.insee, one.name) for one in offices.communes()),
            (prereception.ELSEWHERE, _("Ailleurs")),
        ]
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "dir": "auto", "spellcheck": "false"}
        self.fields["return_code"].widget.attrs |= {"autocomplete": "off"}

    def chosen(self) -> tuple[Procedure, ...]:
        """The procedures asked for, in the order of the catalogue."""
        return tuple(one for code, one in self.catalogue.items() if code in self.cleaned_data["procedures"])

    def arrival(self, procedures: tuple[Procedure, ...], *, received_anyway: bool = False) -> Arrival:
        """The arrival to issue a ticket for; ``received_anyway`` without the appointment that is asked for."""
        data = self.cleaned_data
        person = Person.objects.filter(pk=data["person"]).first() if data["person"] else None
        return Arrival(
            office=self.office,
            procedures=procedures,
            person=person,
            holder_name="" if person else data["name"],
            holder_born=None if person else data["born"],
            language=data["language"],
            priority=data["priority"],
            return_code=data["return_code"],
            received_anyway=received_anyway,
        )


class ReturnForm(forms.Form):
    """A person who cannot be served is offered an hour today, or the first place of the next day."""

    kind = forms.ChoiceField(
        label=_("Ce qui est proposé"),
        choices=[(kind.value, kind.label) for kind in (ReturnKind.LATER_TODAY, ReturnKind.FIRST_NEXT_DAY)],
    )
    at = forms.ChoiceField(label=_("Heure aujourd'hui"), required=False)
    reason = forms.CharField(label=_("Motif"), max_length=200)

    def __init__(self, *args: Any, hours: list[datetime], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hours = {f"{clock_time(hour):%H:%M}": hour for hour in hours}
        cast(forms.ChoiceField, self.fields["at"]).choices = [("", "—"), *((text, text) for text in self.hours)]

    def hour(self) -> datetime | None:
        """The agreed hour, if any."""
        return self.hours.get(self.cleaned_data["at"])


def served(office: Office) -> list[Procedure]:
    """The procedures that some line of this office serves, in the order of the door."""
    codes = set(office.lines.values_list("code", flat=True))
    return [one for one in catalogue.procedures_on(clock.today()) if one.line_code in codes]


def clock_time(instant: datetime) -> datetime:
    """An instant in the office's time."""
    return instant.astimezone(clock.local().tzinfo)
