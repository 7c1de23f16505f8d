"""Every address, every role: who gets in is written here by hand, and tried for real."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from parvis.offices.roles import ROLES
from parvis.web import access
from tests.web.staff import Staff

CALLS = {"counter_agent", "handover_agent", "digital_helper", "head_of_office"}
RETURNS = {"counter_agent", "handover_agent", "greeter", "head_of_office"}
PUTS_BACK = {"greeter", "head_of_office"}
GREETS = {"greeter", "head_of_office"}
PRINTS = {"greeter", "counter_agent", "handover_agent", "digital_helper", "head_of_office"}
FINDS = {"greeter", "counter_agent", "handover_agent", "case_officer", "mail_phone_team", "head_of_office"}
WATCHES = {"greeter", "internal_auditor", "head_of_office"}
RULES = {"administrator", "head_of_office"}
HEAD = {"head_of_office"}
HANDS_OVER = {"handover_agent", "head_of_office"}
REVIEWS = {"case_officer", "head_of_office"}
DEPOSITS = {"counter_agent", *REVIEWS}
FILE_ACTS = ("find", "attach", "person", "open", "correct", "tick", "complete", "incomplete", "renew")
SEES_FILES = {"counter_agent", "handover_agent", "mail_phone_team", *REVIEWS}
BOOKS = {"greeter", "mail_phone_team", "digital_helper", "head_of_office"}
ANYBODY_HERE = set(ROLES)

# A whole audience by its namespace, then the addresses that differ.
BY_NAMESPACE = {
    "cards": HANDS_OVER,
    "casework": REVIEWS,
    "counter": CALLS,
    "desk": GREETS,
    "helpdesk": BOOKS,
    # The poster of the entrance: it shows the code of the day.
    "door": GREETS,
    "kiosk": GREETS,
    "steering": RULES,
    "audit": {"internal_auditor", "head_of_office"},
    "outbox": {"mail_phone_team", "head_of_office", "administrator"},
}
DIFFERENT = {
    "casework:home": SEES_FILES,
    "casework:file": SEES_FILES,
    "casework:document": SEES_FILES,
    "casework:check": DEPOSITS,
    "casework:new_file": DEPOSITS,
    "casework:receipt": DEPOSITS,
    "casework:slip_paper": DEPOSITS,
    "casework:receipt_paper": DEPOSITS,
    "casework:give": HEAD,
    "casework:decide": HEAD,
    "casework:give_batch": HEAD,
    "casework:sign_batch": HEAD,
    "casework:to_sign": HEAD,
    "casework:stock": {*REVIEWS, "internal_auditor"},
    "casework:imports": HEAD,
    "casework:columns": HEAD,
    "casework:taken_over": HEAD,
    "casework:run_import": HEAD,
    "casework:export": HEAD,
    "casework:rejected": HEAD,
    **dict.fromkeys((f"counter:file_{act}" for act in FILE_ACTS), DEPOSITS),
    "counter:receipt": DEPOSITS,
    "counter:slip": DEPOSITS,
    "counter:pick": HEAD,
    "counter:put_back": PUTS_BACK,
    "counter:give_return": RETURNS,
    "counter:return_pass": RETURNS,
    "counter:hand_over": HANDS_OVER,
    "counter:fail_handover": HANDS_OVER,
    "counter:chip_copy": HANDS_OVER,
    "desk:persons": FINDS,
    "desk:paper": PRINTS,
    "desk:reprint": PRINTS,
    "desk:put_back": PUTS_BACK,
    "desk:give_return": RETURNS,
    "helpdesk:check_in": GREETS,
    "steering:home": WATCHES,
    "steering:live": WATCHES,
    "steering:offers": WATCHES,
    "steering:offer": RETURNS,
    "steering:return_pass": RETURNS,
    "steering:answer_help": CALLS,
    "steering:card_policy": HEAD,
    "steering:change_card_policy": HEAD,
    "steering:closing": HEAD,
    "steering:close_day": HEAD,
    "steering:day": {"head_of_office", "internal_auditor"},
    "steering:capacity": HEAD,
    "steering:fill": HEAD,
    "steering:booking_policy": HEAD,
    "steering:new_plan": HEAD,
    "steering:plan": HEAD,
    "steering:change_plan": HEAD,
    "steering:end_plan": HEAD,
    "steering:access_modes": HEAD,
    "steering:access_mode": HEAD,
    "steering:change_access": HEAD,
    "steering:change_allocation": HEAD,
    "steering:agents": {"administrator"},
    "steering:new_agent": {"administrator"},
    "steering:agent": {"administrator"},
    "steering:reset_password": {"administrator"},
    "steering:deactivate_agent": {"administrator"},
    "steering:batches": HEAD,
    "steering:open_batch": HEAD,
    "steering:close_batch": HEAD,
    "steering:draw_batch": HEAD,
    "steering:grounds": HEAD,
    "steering:answer_ground": HEAD,
}


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the project with its name."""
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from patterns(found, f"{before}{found.namespace}:" if found.namespace else before)
        elif isinstance(found, URLPattern):
            yield f"{before}{found.name}", found


def guarded() -> dict[str, str]:
    """The addresses that are not for everybody, with a value for each of their parts."""
    rows = {}
    for name, found in patterns(get_resolver()):
        if not isinstance(access.table().get(name), access.Public):
            parts = found.pattern.converters
            values = {key: "filing" if "Slug" in type(one).__name__ else "1" for key, one in parts.items()}
            rows[name] = reverse(name, kwargs=values)
    return rows


def allowed(name: str) -> set[str]:
    """The roles that may open an address."""
    namespace = name.partition(":")[0]
    return DIFFERENT.get(name) or BY_NAMESPACE.get(namespace) or ANYBODY_HERE


def test_the_rows_written_here_exist() -> None:
    assert set(DIFFERENT) <= set(guarded())
    assert {name.partition(":")[0] for name in guarded() if ":" in name} == set(BY_NAMESPACE)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_opens_its_addresses_and_no_other(staff: Staff, role: str) -> None:
    agent = staff.agent(role, lines=("filing",))
    wrong = []
    for name, address in guarded().items():
        answer = staff.browser(agent).get(address)
        enters = answer.status_code != 403 and not answer.headers.get("Location", "").startswith("/compte/connexion/")
        if enters != (role in allowed(name)) or answer.status_code >= 500:
            wrong.append((name, answer.status_code))
    assert wrong == []


def test_strangers_are_sent_to_the_sign_in_page(staff: Staff) -> None:
    for name, address in guarded().items():
        for answer in (Client().get(address), Client().post(address)):
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/compte/connexion/"), name


def test_somebody_who_left_opens_nothing(staff: Staff) -> None:
    agent = staff.agent("head_of_office")
    browser = staff.browser(agent)
    assert browser.get("/guichet/").status_code == 200
    agent.is_active = False
    agent.save(update_fields=["is_active"])
    for name, address in guarded().items():
        if name not in {"account_logout", "account_reauthenticate"} and ":" in name:
            assert browser.get(address).status_code == 403, name


def test_an_account_without_an_agent_opens_no_screen(staff: Staff, django_user_model: type) -> None:
    client = Client()
    user = django_user_model.objects.create_user("personne-fictive")
    client.force_login(user, backend="parvis.web.account.backend.RolesOnly")
    assert client.get("/guichet/").status_code == 403
    assert client.get("/compte/").status_code == 403
