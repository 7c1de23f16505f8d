"""What a person sees when a rule of the office says no."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from parvis.common.errors import BusinessError, Busy, IllegalMove
from parvis.web.middleware import BusinessErrorMiddleware


def answer(error: Exception, **headers: str) -> HttpResponse | None:
    """What the middleware makes of an error that a view let through."""
    request = RequestFactory().post("/", headers=headers)
    request.user = AnonymousUser()
    return BusinessErrorMiddleware(lambda _request: HttpResponse()).process_exception(request, error)


@pytest.mark.parametrize(("error", "status"), [(IllegalMove(), 409), (Busy(), 503)])
def test_a_business_error_becomes_a_page_with_its_status(error: BusinessError, status: int) -> None:
    said = answer(error)
    assert said is not None
    assert said.status_code == status
    assert "<h1>" in said.content.decode()


def test_htmx_gets_the_message_alone_in_its_region() -> None:
    with translation.override("en"):
        said = answer(IllegalMove(), HX_Request="true")
    assert said is not None
    assert said["HX-Retarget"] == "#messages"
    assert said["HX-Reswap"] == "innerHTML"
    assert "<html" not in said.content.decode()
    assert "The situation has changed" in said.content.decode()


def test_any_other_error_stays_a_fault() -> None:
    assert answer(ValueError("a fault of ours")) is None
