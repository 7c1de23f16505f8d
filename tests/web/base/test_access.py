"""Every address has a rule; what has none is refused."""

from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from parvis.offices.models import Agent
from parvis.web import access
from parvis.web.middleware import AccessMiddleware
from tests.web.staff import Staff


def names(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """The url names of the project as ``view_name`` gives them."""
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from names(found, f"{before}{found.namespace}:" if found.namespace else before)
        elif isinstance(found, URLPattern):
            yield f"{before}{found.name}"


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(names(get_resolver())) == set(access.table())


def enter(view_name: str, user: object, **headers: str) -> HttpResponse | None:
    """What the middleware answers before the view."""
    request = RequestFactory().get("/", headers=headers)
    request.resolver_match = SimpleNamespace(view_name=view_name)  # type: ignore[assignment]
    request.user = user  # type: ignore[assignment]
    return AccessMiddleware(lambda _request: HttpResponse()).process_view(request, None, (), {})


STRANGER = SimpleNamespace(is_authenticated=False)


def test_an_address_without_a_row_is_refused_even_to_an_agent(agent: Agent) -> None:
    for user in (STRANGER, agent.user):
        with pytest.raises(PermissionDenied):
            enter("nobody:wrote_this", user)


def test_a_public_address_is_open_to_strangers() -> None:
    assert enter("public:ticket", STRANGER) is None


def test_strangers_are_sent_to_the_sign_in_page() -> None:
    private = next(name for name, rule in access.table().items() if isinstance(rule, access.Permission))
    answer = enter(private, STRANGER)
    assert answer is not None
    assert answer.status_code == 302
    assert "/compte/" in answer["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "back"),
    [
        ({"HX-Request": "true", "HX-Current-URL": "http://testserver/guichet/3/?a=b"}, "/guichet/3/?a=b"),
        ({"Referer": "http://testserver/instruction/"}, "/instruction/"),
        ({"Referer": "http://ailleurs.invalid/instruction/"}, "/"),
        ({"Referer": "http://["}, "/"),
        ({}, "/"),
    ],
)
def test_what_is_sent_after_the_session_ended_says_so_and_leads_back(headers: dict[str, str], back: str) -> None:
    answer = Client().post("/titres/non-reclames/renvoyer/", headers=headers)
    address = answer.headers.get("HX-Redirect") or answer.headers["Location"]
    assert parse_qs(urlsplit(address).query) == {"fin": ["1"], "next": [back]}
    assert "Votre session a pris fin" in Client().get(address).content.decode()


def test_after_signing_in_one_is_where_one_was(agent: Agent) -> None:
    address = Client().post("/titres/non-reclames/renvoyer/", headers={"Referer": "http://testserver/titres/"})
    agent.user.set_password("un mot de passe")
    agent.user.save()
    sent = {"login": agent.user.username, "password": "un mot de passe", "next": "/titres/"}
    answer = Client().post(address.headers["Location"], sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/titres/")


def test_the_address_of_a_form_opened_as_a_page_leads_home(staff: Staff) -> None:
    answer = staff.signed_in("handover_agent")[0].get("/titres/non-reclames/renvoyer/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_two_audiences_cannot_claim_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "AUDIENCES", ("public", "public"))
    access.table.cache_clear()
    try:
        with pytest.raises(ValueError, match="public"):
            access.table()
    finally:
        access.table.cache_clear()


def test_an_agent_without_the_role_is_told_so_in_words(agent: Agent, client: Client) -> None:
    client.force_login(agent.user)
    private = next(
        name for name, rule in access.table().items() if isinstance(rule, access.Permission) and name.endswith(":home")
    )
    answer = client.get(reverse(private))
    assert answer.status_code == 403
    assert "Votre rôle ne permet pas cette action." in answer.content.decode().replace("&#x27;", "'")
