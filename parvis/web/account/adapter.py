"""How the sign-in library meets the office: agents only, accounts are made by the administrator."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from parvis.web.account import presence
from parvis.web.account.home import home_of
from parvis.web.requests import agent_of


class AgentsOnly(DefaultAccountAdapter):
    """Nobody signs up; only the account of an agent at work signs in; no message is sent by mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Somebody who has left is told the same as somebody who types a wrong password."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user if user and agent_of(user) else None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_of(request.user)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/compte/"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The screens say themselves what happened."""

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        agent = agent_of(user)
        if agent:
            presence.begin(request, agent)
            presence.record("agent.signed_in", agent)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def logout(self, request: HttpRequest) -> None:
        agent = agent_of(request.user)
        super().logout(request)
        if agent:
            presence.record("agent.signed_out", agent)
