"""The documentation of the interface, made from what it declares."""

from django.http import HttpResponse
from django.shortcuts import render

from parvis.api.interface import api
from parvis.web.api import outline
from parvis.web.requests import VisitorRequest


def documentation(request: VisitorRequest) -> HttpResponse:
    """Every address with what it takes and gives; the same as ``openapi.json``, to be read."""
    return render(request, "api/documentation.html", {"groups": outline.groups(api.get_openapi_schema())})
