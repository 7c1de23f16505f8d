"""What the head of office types about seats by appointment."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from parvis.booking.errors import PlanImpossible
from parvis.booking.models import CapacityPlan
from parvis.booking.rules import plans
from parvis.booking.rules.limits import BOUNDS, DRAW_BOUNDS
from parvis.booking.rules.plans import Draft, Part
from parvis.booking.states import Allocation, Audience, Channel
from parvis.common import clock
from parvis.common.text import clean
from parvis.procedures.models import Mode, Procedure
from parvis.web.steering.forms import ComingDay, DateInput, TimeInput

NAME_LENGTH = 80
SHARES = 5


class PlanForm(forms.Form):
    """Seats on a weekday between two hours, from a day on, and for whom some of them are kept."""

    name = forms.CharField(label=_("Nom du plan"), max_length=NAME_LENGTH)
    weekday = forms.TypedChoiceField(
        label=_("Jour de la semaine"), coerce=int, choices=[(number + 1, name) for number, name in WEEKDAYS.items()]
    )
    starts = forms.TimeField(label=_("De"), widget=TimeInput())
    ends = forms.TimeField(label=_("À"), widget=TimeInput())
    slot_minutes = forms.IntegerField(label=_("Durée d'un créneau, en minutes"), min_value=5, max_value=240)
    seats = forms.IntegerField(
        label=_("Places à chaque créneau"),
        help_text=_("Une place est un guichet pendant un créneau."),
        min_value=1,
        max_value=200,
    )
    valid_from = ComingDay(label=_("À partir du"))
    valid_to = ComingDay(label=_("Jusqu'au"), required=False, help_text=_("Vide : sans fin."))
    accepts = forms.MultipleChoiceField(
        label=_("Démarches reçues"),
        help_text=_("Aucune case cochée : toutes celles de la file."),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )

    def __init__(self, *args: Any, procedures: Iterable[Procedure], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["accepts"].choices = [(one.code, one.label) for one in procedures]  # type: ignore[attr-defined]
        for number in range(1, SHARES + 1):
            self.fields[f"audience_{number}"] = forms.ChoiceField(
                label=_("Public"), choices=Audience.choices, required=False
            )
            self.fields[f"channel_{number}"] = forms.ChoiceField(
                label=_("Canal"), choices=Channel.choices, required=False
            )
            self.fields[f"kept_{number}"] = forms.IntegerField(
                label=_("Places"), min_value=1, max_value=200, required=False
            )

    @property
    def share_rows(self) -> list[Sequence[forms.BoundField]]:
        """The fields of the shares, one row each."""
        return [
            [self[f"{name}_{number}"] for name in ("audience", "channel", "kept")] for number in range(1, SHARES + 1)
        ]

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"], limit=NAME_LENGTH)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if sum(part.seats for part in self._parts()) > cleaned["seats"]:
            raise ValidationError(_("Les parts réservées dépassent les places du créneau."))
        try:
            plans.check(self.draft)
        except PlanImpossible as error:
            raise ValidationError(str(error)) from None
        return cleaned

    @property
    def draft(self) -> Draft:
        """The plan that was typed."""
        said = {name: self.cleaned_data[name] for name in _PLAN}
        return Draft(**said, accepts=tuple(self.cleaned_data["accepts"]), parts=tuple(self._parts()))

    def _parts(self) -> Iterable[Part]:
        for number in range(1, SHARES + 1):
            audience, channel, seats = (self.cleaned_data.get(f"{name}_{number}") for name in _SHARE)
            if seats:
                yield Part(seats=seats, audience=audience or "", channel=channel or "")


_PLAN = ("name", "weekday", "starts", "ends", "slot_minutes", "seats", "valid_from", "valid_to")
_SHARE = ("audience", "channel", "kept")


def initial_of(plan: CapacityPlan) -> dict[str, Any]:
    """What the form of a plan shows before anybody types."""
    initial = {name: getattr(plan, name) for name in _PLAN} | {"accepts": plan.accepts}
    initial["valid_from"] = max(plan.valid_from, clock.today() + dt.timedelta(days=1))
    for number, share in enumerate(plan.shares.all(), start=1):
        initial |= {f"audience_{number}": share.audience, f"channel_{number}": share.channel}
        initial[f"kept_{number}"] = share.seats
    return initial


class PlanEndForm(forms.Form):
    """The last day on which a plan makes seats."""

    last_day = ComingDay(label=_("Dernier jour"))


class AccessForm(forms.Form):
    """How people come for a procedure from a day on."""

    mode = forms.ChoiceField(label=_("Comment on vient"), choices=Mode.choices)
    valid_from = ComingDay(label=_("À partir du"))


def _number(name: str, bounds: dict[str, tuple[int, int]], label: Any, **more: Any) -> forms.IntegerField:
    low, high = bounds[name]
    return forms.IntegerField(label=label, min_value=low, max_value=high, **more)


class AllocationForm(forms.Form):
    """How the seats of a procedure are given from a day on."""

    allocation = forms.ChoiceField(label=_("Comment les places sont données"), choices=Allocation.choices)
    from_day = ComingDay(label=_("À partir du"))
    batch_days = _number("batch_days", DRAW_BOUNDS, _("Un tirage tous les … jours"))
    most_losses = _number("most_losses", DRAW_BOUNDS, _("Tirages perdus avant de passer en premier"))
    near_days = _number("near_days", DRAW_BOUNDS, _("Une place libérée à moins de … jours est proposée à une personne"))
    offer_hours = _number("offer_hours", DRAW_BOUNDS, _("Une place proposée le reste … heures"))

    @property
    def draw(self) -> dict[str, int]:
        """The figures of the draw."""
        return {name: self.cleaned_data[name] for name in DRAW_BOUNDS}


class FillForm(forms.Form):
    """A stretch of days."""

    since = forms.DateField(label=_("Du"), widget=DateInput(), input_formats=["%Y-%m-%d"])
    until = forms.DateField(label=_("Au"), widget=DateInput(), input_formats=["%Y-%m-%d"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and not dt.timedelta() <= until - since <= dt.timedelta(days=366):
            raise ValidationError(_("Choisissez deux dates dans l'ordre, sur un an au plus."))
        return cleaned


LABELS = {
    "horizon_days": _("On réserve jusqu'à … jours à l'avance"),
    "notice_minutes": _("Et jusqu'à … minutes avant l'heure"),
    "most_people": _("Personnes dans un même rendez-vous, au plus"),
    "most_moves": _("Déplacements d'un rendez-vous, au plus"),
    "hold_minutes": _("Un créneau reste retenu pendant la saisie … minutes"),
    "activation_minutes": _("Puis … minutes pour taper le code reçu"),
    "early_minutes": _("On s'enregistre … minutes avant l'heure"),
    "late_minutes": _("Et jusqu'à … minutes après"),
    "reminder_hours": _("Rappel … heures avant"),
    "release_after_min": _("Une place rendue revient après … minutes au moins"),
    "release_after_max": _("Et … minutes au plus, au hasard"),
    "fallback_days": _("Les parts non prises vont à tous … jours avant, à midi"),
    "holds_per_address": _("Créneaux retenus par adresse du réseau"),
    "holds_per_contact": _("Créneaux retenus par courriel ou téléphone"),
    "codes_per_contact": _("Codes envoyés par courriel ou téléphone"),
    "bookings_per_person": _("Rendez-vous pris par personne"),
}
GROUPS = (
    (_("Réserver"), ("horizon_days", "notice_minutes", "most_people", "most_moves")),
    (_("Remplir et confirmer"), ("hold_minutes", "activation_minutes")),
    (_("Venir"), ("early_minutes", "late_minutes", "reminder_hours")),
    (_("Places rendues et parts"), ("release_after_min", "release_after_max", "fallback_days")),
    (
        _("Limites par jour, contre les robots"),
        ("holds_per_address", "holds_per_contact", "codes_per_contact", "bookings_per_person"),
    ),
)  # fmt: skip


class BookingPolicyForm(forms.Form):
    """The rules of booking, each within its bounds."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, label in LABELS.items():
            self.fields[name] = _number(name, BOUNDS, label)

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as they are shown together."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, high = cleaned.get("release_after_min"), cleaned.get("release_after_max")
        if low is not None and high is not None and high < low:
            self.add_error("release_after_max", _("Le délai le plus long vient après le plus court."))
        return cleaned
