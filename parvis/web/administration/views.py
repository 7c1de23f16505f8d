"""The agents of the office: the list, a new one, what each may do, closing an account."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.casefiles import actions as casefiles
from parvis.casefiles import queries as case_queries
from parvis.offices import actions
from parvis.offices import queries as offices
from parvis.offices.errors import InvalidAccount, UsernameTaken
from parvis.offices.models import Agent
from parvis.offices.roles import ROLES
from parvis.web.administration.forms import ADMINISTRATOR, DutiesForm, NewAgentForm, new_password
from parvis.web.requests import AgentRequest
from parvis.web.steering.pages import show


@require_GET
def agents(request: AgentRequest) -> HttpResponse:
    """Who works here, and the accounts that were closed."""
    office = request.agent.office
    rows = [
        {
            "agent": agent,
            "roles": [ROLES[group.name].name for group in agent.user.groups.all() if group.name in ROLES],
            "lines": sorted(agent.lines.all(), key=lambda line: line.position),
        }
        for agent in offices.agents(office)
    ]
    gone = office.agents.filter(is_active=False).select_related("user").order_by("name", "pk")
    return show(request, "administration/agents.html", {"rows": rows, "gone": gone})


@require_http_methods(["GET", "POST"])
def new_agent(request: AgentRequest) -> HttpResponse:
    """Open an account."""
    office = request.agent.office
    form = NewAgentForm(request.POST or None, office=office)
    if request.method == "GET" or not form.is_valid():
        return show(request, "administration/new_agent.html", {"form": form}, status=422 if form.errors else 200)
    typed = form.cleaned_data["password"]
    password = typed or new_password()
    try:
        agent = actions.register_agent(
            office,
            username=form.cleaned_data["username"],
            name=form.cleaned_data["name"],
            roles=form.cleaned_data["roles"],
            lines=form.chosen_lines,
            password=password,
            by=request.agent,
        )
    except (UsernameTaken, InvalidAccount) as error:
        form.add_error("username", str(error))
        return show(request, "administration/new_agent.html", {"form": form}, status=error.status)
    if form.chosen_procedures:
        casefiles.set_reviewed(agent, form.chosen_procedures, by=request.agent)
    if typed:
        messages.success(request, _("Compte ouvert : %(name)s.") % {"name": agent.name})
        return redirect("steering:agents")
    # Shown in this answer and nowhere else: a redirection would have to keep the password in the session.
    return show(request, "administration/password.html", {"registered": agent, "password": password, "is_new": True})


@require_http_methods(["GET", "POST"])
def agent(request: AgentRequest, pk: int) -> HttpResponse:
    """Read and change the roles and skills of an agent."""
    found = _agent(request, pk)
    given = {
        "roles": offices.roles_of(found),
        "lines": list(found.lines.order_by("pk").values_list("code", flat=True)),
        "procedures": [procedure.code for procedure in case_queries.reviewed_by(found)],
    }
    form = DutiesForm(request.POST if request.method == "POST" else None, office=request.agent.office, initial=given)
    if request.method == "GET" or not form.is_valid():
        return _page(request, found, form, status=422 if form.errors else 200)
    roles = form.cleaned_data["roles"]
    if found == request.agent and ADMINISTRATOR in given["roles"] and ADMINISTRATOR not in roles:
        form.add_error("roles", _("Vous ne pouvez pas vous retirer vous-même l'administration."))
        return _page(request, found, form, status=409)
    if set(roles) != set(given["roles"]):
        actions.give_roles(found, roles=roles, by=request.agent)
    if set(form.cleaned_data["lines"]) != set(given["lines"]):
        actions.set_skills(found, lines=form.chosen_lines, by=request.agent)
    if set(form.cleaned_data["procedures"]) != set(given["procedures"]):
        casefiles.set_reviewed(found, form.chosen_procedures, by=request.agent)
    messages.success(request, _("Rôles et files de %(name)s enregistrés.") % {"name": found.name})
    return redirect("steering:agents")


@require_POST
def reset_password(request: AgentRequest, pk: int) -> HttpResponse:
    """Propose a new first password to somebody who forgot theirs; shown in this answer and nowhere else."""
    found = _agent(request, pk)
    if found == request.agent:
        messages.error(request, _("Changez votre propre mot de passe dans « Mon compte »."))
        return redirect("steering:agent", pk=pk)
    password = new_password()
    actions.reset_password(found, password=password, by=request.agent)
    return show(request, "administration/password.html", {"registered": found, "password": password, "is_new": False})


@require_POST
def deactivate(request: AgentRequest, pk: int) -> HttpResponse:
    """Close the account of somebody who leaves."""
    found = _agent(request, pk)
    if found == request.agent:
        messages.error(request, _("Vous ne pouvez pas fermer votre propre compte."))
        return redirect("steering:agent", pk=pk)
    actions.deactivate(found, by=request.agent)
    messages.success(request, _("Compte fermé : %(name)s.") % {"name": found.name})
    return redirect("steering:agents")


def _page(request: AgentRequest, found: Agent, form: DutiesForm, *, status: int) -> HttpResponse:
    context = {"edited": found, "form": form, "is_me": found == request.agent}
    return show(request, "administration/agent.html", context, status=status)


def _agent(request: AgentRequest, pk: int) -> Agent:
    rows = Agent.objects.select_related("user", "office")
    return get_object_or_404(rows, office=request.agent.office, pk=pk, is_active=True)
