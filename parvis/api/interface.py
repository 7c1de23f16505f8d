"""The interface as a whole: its routes, and how it says no."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from parvis.api.endpoints import ROUTERS
from parvis.api.errors import NotFound
from parvis.common.errors import BusinessError


class Interface(NinjaAPI):
    """Mounted inside the addresses of the screens, where Ninja does not look for it by itself."""

    def get_root_path(self, path_params: dict[str, Any]) -> str:
        """Where the interface begins."""
        return reverse(f"api:{self.urls_namespace}:api-root", kwargs=path_params)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """What programs call this address: its own name, whatever file it stands in."""
        return operation.url_name or super().get_openapi_operation_id(operation)


# Ninja's own pages of documentation need scripts inside the page, which our pages never carry.
api = Interface(
    title="Parvis",
    version="1",
    description="Appointments of an office that receives foreign residents. Times are those of the office.",
    urls_namespace="v1",
    docs_url=None,
)
for router in ROUTERS:
    api.add_router("", router)


@api.exception_handler(BusinessError)
def refuse(request: HttpRequest, error: BusinessError) -> HttpResponse:
    """A rule of the office says no."""
    response = api.create_response(request, {"code": error.code, "message": str(error)}, status=error.status)
    # A refusal is no fault of anybody's: in a rush there are twenty for each place, and a line of log costs as much.
    response._has_been_logged = True  # type: ignore[attr-defined]  # what Django itself looks at
    if error.status in {429, 503}:
        response.headers["Retry-After"] = "86400" if error.status == 429 else "1"
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def refuse_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent is not what is asked for; what it was is not repeated."""
    fields = [{"where": [str(part) for part in one["loc"]], "message": str(one["msg"])} for one in error.errors]
    answer = {"code": "invalid", "message": _("Vérifiez les champs indiqués."), "fields": fields}
    return api.create_response(request, answer, status=422)


@api.exception_handler(HttpError)
def refuse_body(request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON."""
    answer = {"code": "unreadable", "message": _("Le contenu envoyé n'est pas lisible.")}
    return api.create_response(request, answer, status=error.status_code)


@api.exception_handler(Http404)
def refuse_address(request: HttpRequest, _error: Http404) -> HttpResponse:
    """Nothing at this address."""
    return refuse(request, NotFound())


@api.exception_handler(RawPostDataException)
@api.exception_handler(BadRequest)
def refuse_request(request: HttpRequest, _error: BadRequest) -> HttpResponse:
    """What no program of good faith sends."""
    return refuse_body(request, HttpError(400, ""))
