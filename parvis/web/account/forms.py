from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):
    """Name and password; a shared machine remembers nobody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("Identifiant")
        self.fields["password"].label = _("Mot de passe")
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
        }
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        self.cleaned_data: dict[str, Any] = {"remember": False}

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            self.cleaned_data["remember"] = False


class UnlockForm(forms.Form):
    """The password of whoever locked the machine."""

    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
