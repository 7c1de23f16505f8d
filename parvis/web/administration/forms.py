"""What the administrator types about an agent."""

import secrets
from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from parvis.common import clock
from parvis.common.text import clean
from parvis.offices import queries as offices
from parvis.offices.models import Line, Office
from parvis.offices.roles import ROLES
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure

ADMINISTRATOR = "administrator"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class DutiesForm(forms.Form):
    """Roles and skills of one agent, at the counter and at the case files."""

    roles = forms.MultipleChoiceField(label=_("Rôles"), required=False, widget=forms.CheckboxSelectMultiple())
    lines = forms.MultipleChoiceField(
        label=_("Files que cette personne peut servir"), required=False, widget=forms.CheckboxSelectMultiple()
    )

    procedures = forms.MultipleChoiceField(
        label=_("Démarches que cette personne instruit"),
        help_text=_("Aucune cochée : toutes. La liste des dossiers libres ne lui propose que celles-ci."),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )

    def __init__(self, *args: Any, office: Office, **more: Any) -> None:
        super().__init__(*args, **more)
        self.procedures_by_code = {one.code: one for one in catalogue.filed_procedures(clock.today())}
        kinds = [(code, one.label) for code, one in self.procedures_by_code.items()]
        cast(forms.MultipleChoiceField, self.fields["procedures"]).choices = kinds
        self.lines_by_code = {line.code: line for line in offices.lines(office)}
        choices = [(code, f"{line.letter} · {line.name}") for code, line in self.lines_by_code.items()]
        cast(forms.MultipleChoiceField, self.fields["lines"]).choices = choices
        cast(forms.MultipleChoiceField, self.fields["roles"]).choices = [
            (role.code, role.name) for role in ROLES.values()
        ]

    @property
    def chosen_lines(self) -> list[Line]:
        """The lines ticked."""
        return [self.lines_by_code[code] for code in self.cleaned_data["lines"]]

    @property
    def chosen_procedures(self) -> list[Procedure]:
        """The procedures ticked."""
        return [self.procedures_by_code[code] for code in self.cleaned_data["procedures"]]


class NewAgentForm(DutiesForm):
    """Somebody who begins to work here."""

    field_order = ("name", "username", "password", "roles", "lines", "procedures")
    name = forms.CharField(
        label=_("Nom"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}), required=True
    )
    username = forms.CharField(
        label=_("Identifiant"),
        max_length=150,
        help_text=_("Lettres, chiffres et . - _ @ +"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Mot de passe initial"),
        help_text=_("Douze caractères au moins. Vide : un mot de passe est proposé, montré une seule fois."),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_name(self) -> str:
        name = clean(self.cleaned_data["name"], limit=120)
        if not name:
            raise ValidationError(_("Indiquez un nom."))
        return name

    def clean_password(self) -> str:
        typed = str(self.cleaned_data["password"])
        if typed:
            validate_password(typed)
        return typed


def new_password() -> str:
    """A first password that can be read aloud: five groups of four, no 0/o, 1/l/i; about 99 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _place in range(4)) for _group in range(5))
