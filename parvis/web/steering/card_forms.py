"""What the head of office types about the cards that wait."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.permits.rules import BOUNDS

LABELS = {
    "first_reminder_days": _("Premier rappel … jours après l'annonce"),
    "second_reminder_days": _("Second rappel … jours après l'annonce"),
    "unclaimed_days": _("Titre non réclamé … jours après l'annonce"),
}


class CardPolicyForm(forms.Form):
    """The delays of the cards in days, each within its bounds and after the one before."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, label in LABELS.items():
            low, high = BOUNDS[name]
            self.fields[name] = forms.IntegerField(label=label, min_value=low, max_value=high)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second, unclaimed = (cleaned.get(name) for name in LABELS)
        if first is not None and second is not None and second <= first:
            self.add_error("second_reminder_days", _("Le second rappel vient après le premier."))
        elif second is not None and unclaimed is not None and unclaimed <= second:
            self.add_error("unclaimed_days", _("Un titre n'est non réclamé qu'après le second rappel."))
        return cleaned
