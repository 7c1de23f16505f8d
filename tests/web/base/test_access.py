"""Every address has a rule; what has none is refused."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from parvis.offices.models import Agent
from parvis.web import access
from parvis.web.middleware import AccessMiddleware


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
    fragment = enter(private, STRANGER, HX_Request="true")
    assert fragment is not None
    assert "/compte/" in fragment["HX-Redirect"]


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
