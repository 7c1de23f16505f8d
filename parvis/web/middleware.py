"""Language, access, and what a person sees when a rule of the office says no."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from parvis.common.errors import BusinessError, NotAllowed
from parvis.web import access, bodies, languages
from parvis.web.requests import agent_of

Next = Callable[[HttpRequest], HttpResponse]
A_YEAR = 365 * 24 * 3600
SESSION_ENDED = "fin"
LONGEST_ADDRESS = 2_000  # characters; Django refuses to send anybody to one of more than 16,384


class ReadableMiddleware:
    """Refuse what no browser of ours sends, before anything reads it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Raises ``RequestDataTooBig`` for a long body, files included; ``BadRequest`` for a NUL in a cookie.

        Where files are sent, a body that is too long is no mistake of a program: the person is told what to do.
        """
        usual = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        sent = request.META.get("CONTENT_LENGTH") or "0"
        # Only what is longer than usual asks which address it is for.
        if usual is not None and sent.isdecimal() and _is_longer(sent, usual):
            limit = bodies.limit_for(request.path_info)
            if limit is not None and _is_longer(sent, limit):
                if limit > usual:
                    return _too_large(request)
                raise RequestDataTooBig
        # A session key is looked up in the database, which keeps no NUL.
        if any("\x00" in value for value in request.COOKIES.values()):
            raise BadRequest
        return self.get_response(request)


def _too_large(request: HttpRequest) -> HttpResponse:
    """What cannot be taken, in the language of the browser: nothing was read yet, not even who sends it."""
    with translation.override(translation.get_language_from_request(request)):
        return HttpResponse(render_to_string("413.html", {"address": request.path}), status=413)


def _is_longer(sent: str, limit: int) -> bool:
    return len(sent) > len(str(limit)) or int(sent) > limit


class LanguageMiddleware:
    """Speak the language of ``?lang=``, else of the cookie, else of the browser, else French.

    Agents' screens speak French and English only. The kiosk keeps no cookie: the next person starts afresh.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = languages.known(request.GET.get("lang"))
        chosen = asked or languages.known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))
        request.language_chosen = bool(chosen)  # type: ignore[attr-defined]
        # Only for this request: the thread serves somebody else next.
        with translation.override(chosen or translation.get_language_from_request(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        if asked and not _on_kiosk(request):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, asked, max_age=A_YEAR, samesite="Lax", secure=request.is_secure()
            )
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Once the address is known: an agent's screen falls back to French."""
        match = request.resolver_match
        rule = access.rule_for(match.view_name) if match else None
        for_visitors = isinstance(rule, access.Public) and not rule.for_agents
        if not for_visitors and translation.get_language() not in languages.AGENT_LANGUAGES:
            translation.activate("fr")


class AccessMiddleware:
    """Refuse every address that the table does not open to this person; send strangers to the sign-in page.

    What agents read is kept by no browser: whoever comes to the machine after them finds nothing by going back.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET" and _is_page(match):
            # The address of a form, opened as a page: by going back, by another language, after signing in again.
            response = redirect(settings.LOGIN_REDIRECT_URL)
        if match and not isinstance(access.rule_for(match.view_name), access.Public):
            add_never_cache_headers(response)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: Mapping[str, object]
    ) -> HttpResponse | None:
        """Let the view run, or answer in its place.

        Raises ``PermissionDenied`` for an address without a row, ``BadRequest`` for what no form of ours can send.
        """
        _check_readable(request, kwargs)
        match = request.resolver_match
        rule = access.rule_for(match.view_name) if match else None
        if isinstance(rule, access.Public):
            return None
        if rule is None:
            raise PermissionDenied
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if isinstance(rule, access.SignedIn):
            return None
        agent = agent_of(request.user)
        if agent is None or not any(agent.can(name) for name in rule.names):
            return refusal(request, NotAllowed())
        request.agent = agent  # type: ignore[attr-defined]
        return None


class BusinessErrorMiddleware:
    """Turn a ``BusinessError`` that a view let through into words for the person, with its HTTP status."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer business errors only; anything else is a fault and stays one."""
        return refusal(request, exception) if isinstance(exception, BusinessError) else None


def refusal(request: HttpRequest, error: BusinessError) -> HttpResponse:
    """The page, or for htmx the message put in the ``#messages`` region: the screen behind stays as it was."""
    if request.headers.get("HX-Request"):
        response = render(request, "parvis/_refusal.html", {"error": error}, status=error.status)
        return reswap(retarget(response, "#messages"), "innerHTML")
    for_agent = request.user.is_authenticated
    base = "parvis/agent_base.html" if for_agent else "parvis/public_base.html"
    return render(request, "parvis/refused.html", {"error": error, "base": base}, status=error.status)


def _check_readable(request: HttpRequest, kwargs: Mapping[str, object]) -> None:
    """Raise ``BadRequest`` for a NUL character: no keyboard types one and PostgreSQL keeps none."""
    sent = [value for query in (request.GET, request.POST) for _name, values in query.lists() for value in values]
    if any("\x00" in value for value in (*sent, *map(str, kwargs.values()))):
        raise BadRequest


def _is_page(match: ResolverMatch | None) -> bool:
    return match is not None and "api" not in match.namespaces


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and from there back; it says so when what was being done is lost."""
    sign_in = resolve_url(settings.LOGIN_URL)
    is_part = bool(request.headers.get("HX-Request"))
    if request.method in {"GET", "HEAD"} and not is_part:
        return redirect_to_login(_short(request.get_full_path()), sign_in)
    # A part of a page and a form have no page of their own to come back to: that is the one they were sent from.
    address = redirect_to_login(_short(_page_behind(request)), f"{sign_in}?{SESSION_ENDED}=1").url
    return HttpResponseClientRedirect(address) if is_part else HttpResponseRedirect(address)


def _short(address: str) -> str:
    """An address to come back to: without its query, or home, when it is longer than any of ours."""
    tried = (address, address.partition("?")[0])
    return next((one for one in tried if len(one) <= LONGEST_ADDRESS), resolve_url(settings.LOGIN_REDIRECT_URL))


def _page_behind(request: HttpRequest) -> str:
    """The address of the page of this house from which something was sent; home when no header tells."""
    with suppress(ValueError):
        page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
        if page.netloc == request.get_host():
            return urlunsplit(("", "", page.path or "/", page.query, ""))
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def _on_kiosk(request: HttpRequest) -> bool:
    return bool(request.resolver_match and request.resolver_match.namespace == "kiosk")
