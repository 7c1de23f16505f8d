"""A document that nobody keeps up is made by whoever is asked for it."""

import json
import threading

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from parvis.offices.models import Office
from parvis.web.documents import content, shelf
from parvis.web.documents.serving import MAX_AGE
from parvis.web.documents.shelf import Kind
from parvis.web.requests import VisitorRequest

# One at a time in a process: those who come meanwhile find it made.
_making = threading.Lock()


@require_safe
def document(request: VisitorRequest, kind: str, code: str) -> HttpResponse:
    """The document of an office, made now unless it is kept up. 404 for an office that does not exist."""
    office = Office.objects.filter(code=code).first()
    if office is None or kind not in set(Kind):
        raise Http404
    asked = Kind(kind)
    with _making:
        kept = shelf.read(asked, code)
        body = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode() if kept else None
        body = body or content.make(asked, office)
    response = HttpResponse(body, content_type="application/json")
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
