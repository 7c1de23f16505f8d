"""What may be asked of the outbox."""

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.messages.states import Status
from parvis.web.outbox.kinds import KINDS


class SearchForm(forms.Form):
    """Who, what, what became of it; all may stay empty."""

    who = forms.CharField(
        label=_("Adresse, téléphone, ou numéro de rendez-vous"),
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    state = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Tous")), *Status.choices])
    kind = forms.ChoiceField(label=_("Message"), required=False, choices=[("", _("Tous")), *KINDS.items()])
