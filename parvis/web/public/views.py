"""What anybody may open: the home page, one's own ticket, one's own orientation slip."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from parvis.web.requests import VisitorRequest, agent_of
from parvis.web.screens import screens_of


def home(request: VisitorRequest) -> HttpResponse:
    """An agent goes to the screen of their role; anybody else reads where to go."""
    agent = agent_of(request.user)
    if agent and (screens := screens_of(agent)):
        return redirect(screens[0][1])
    return render(request, "parvis/public/home.html")


def ticket(request: VisitorRequest, token: str) -> HttpResponse:
    raise Http404


def ticket_state(request: VisitorRequest, token: str) -> HttpResponse:
    raise Http404


def ticket_leave(request: VisitorRequest, token: str) -> HttpResponse:
    raise Http404


def redirection(request: VisitorRequest, token: str) -> HttpResponse:
    raise Http404
