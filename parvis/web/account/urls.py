"""Addresses under /compte/. Only what agents need of the sign-in library is exposed: no sign-up, no reset by mail."""

from allauth.account.views import PasswordChangeView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as MfaReauthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.urls import path

from parvis.web.account import views

_MFA = "staff/account/mfa_{}.html".format

urlpatterns = [
    path("", views.me, name="account_me"),
    path("connexion/", views.SignInView.as_view(), name="account_login"),
    path("deconnexion/", views.SignOutView.as_view(), name="account_logout"),
    path("inactif/", views.inactive, name="account_inactive"),
    path("verrou/", views.lock, name="account_lock"),
    path("deverrouiller/", views.unlock, name="account_unlock"),
    path("changer-d-agent/", views.change_agent, name="account_change_agent"),
    path(
        "mot-de-passe/",
        PasswordChangeView.as_view(template_name="staff/account/password.html"),
        name="account_change_password",
    ),
    path(
        "confirmer/",
        ReauthenticateView.as_view(template_name="staff/account/reauthenticate.html"),
        name="account_reauthenticate",
    ),
    path("code/", AuthenticateView.as_view(template_name=_MFA("authenticate")), name="mfa_authenticate"),
    path(
        "code/confirmer/",
        MfaReauthenticateView.as_view(template_name="staff/account/reauthenticate.html"),
        name="mfa_reauthenticate",
    ),
    path("securite/", IndexView.as_view(template_name=_MFA("index")), name="mfa_index"),
    path(
        "securite/application/activer/",
        ActivateTOTPView.as_view(template_name=_MFA("activate")),
        name="mfa_activate_totp",
    ),
    path(
        "securite/application/retirer/",
        DeactivateTOTPView.as_view(template_name=_MFA("deactivate")),
        name="mfa_deactivate_totp",
    ),
    path(
        "securite/codes/",
        ViewRecoveryCodesView.as_view(template_name=_MFA("codes")),
        name="mfa_view_recovery_codes",
    ),
    path(
        "securite/codes/nouveaux/",
        GenerateRecoveryCodesView.as_view(template_name=_MFA("new_codes")),
        name="mfa_generate_recovery_codes",
    ),
]
