"""Signing in and out, covering a machine that nobody touches, one's own account."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView, LogoutView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.common.errors import NotAllowed
from parvis.offices.models import Agent
from parvis.offices.roles import ROLES
from parvis.reception import queries as reception
from parvis.web.account import presence
from parvis.web.account.forms import SignInForm, UnlockForm
from parvis.web.account.home import home_of
from parvis.web.requests import agent_of


class SignInView(LoginView):
    """Sign in; a locked machine shows its cover first, whatever address was asked."""

    form_class = SignInForm
    template_name = "staff/account/sign_in.html"

    def get_form_class(self) -> type[SignInForm]:
        return SignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if presence.locked_user(request):
            return redirect("account_unlock")
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def form_valid(self, form: SignInForm) -> HttpResponse:
        self.request.session.pop(presence.LOCKED, None)
        response: HttpResponse = super().form_valid(form)
        agent = agent_of(self.request.user)
        if agent:
            presence.begin(self.request, agent)
        return response


class SignOutView(LogoutView):
    """Leave the machine; the counter stays as it is until somebody closes it."""

    template_name = "staff/account/sign_out.html"


def _agent(request: HttpRequest) -> Agent:
    agent = agent_of(request.user)
    if agent is None:
        raise NotAllowed
    return agent


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Cover this machine."""
    presence.lock(request, _agent(request), back_to=request.POST.get("back_to", ""))
    return redirect("account_unlock")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """Ask the password of the agent who left the machine; nobody else may uncover it."""
    user = presence.locked_user(request)
    if user is None:
        return redirect("account_login")
    form = UnlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        back_to = presence.way_back(request)
        if _uncover(request, username=user.get_username(), form=form):
            return redirect(back_to)
    agent = agent_of(user)
    context = {"form": form, "name": agent.name if agent else user.get_username()}
    return render(request, "staff/account/unlock.html", context, status=400 if form.errors else 200)


def _uncover(request: HttpRequest, *, username: str, form: UnlockForm) -> bool:
    adapter = get_adapter(request)
    try:
        user = adapter.authenticate(request, username=username, password=form.cleaned_data["password"])
    except ValidationError as error:  # too many attempts
        form.add_error("password", error)
        return False
    agent = agent_of(user) if user else None
    if user is None or agent is None:
        form.add_error("password", _("Ce n'est pas le mot de passe de cet agent."))
        return False
    request.session.pop(presence.LOCKED)
    adapter.login(request, user)
    presence.begin(request, agent)
    presence.record("agent.unlocked", agent)
    return True


@require_POST
def change_agent(request: HttpRequest) -> HttpResponse:
    """Leave the cover for another agent's sign-in; the one who locked is signed out for good."""
    request.session.flush()
    return redirect("account_login")


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """One's own account: name, office, roles, second factor, counter at work."""
    agent = _agent(request)
    held = agent.user.groups.values_list("name", flat=True)
    context = {
        "agent": agent,
        "roles": [role.name for code, role in ROLES.items() if code in set(held)],
        "at_work": reception.open_session(agent),
        "home": home_of(request.user),
    }
    return render(request, "staff/account/me.html", context)


@require_GET
def inactive(request: HttpRequest) -> HttpResponse:
    """An account that no longer opens anything."""
    return redirect(f"{reverse('account_login')}?{urlencode({'refus': '1'})}")
