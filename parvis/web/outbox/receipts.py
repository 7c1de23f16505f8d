"""What a gateway says of a message it took."""

import hmac
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from parvis.common import text
from parvis.messages import actions

LONGEST = 20_000


@csrf_exempt
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """``{"reference": "…", "delivered": true, "answer": "…"}`` with the shared secret as a bearer token.

    Sent twice, late, or about a message nobody knows, it changes nothing and is answered alike: 200.
    """
    if not _is_known(request.headers.get("Authorization", "")):
        return JsonResponse({"error": "unknown_sender"}, status=403)
    said = _read(request)
    if said is None:
        return JsonResponse({"error": "unreadable"}, status=422)
    answer = text.clean(str(said.get("answer", "")), limit=300)
    actions.receipt(said["reference"], delivered=said["delivered"], answer=answer)
    return JsonResponse({"ok": True})


def _is_known(header: str) -> bool:
    expected = f"Bearer {settings.RECEIPT_SECRET}"
    return bool(settings.RECEIPT_SECRET) and hmac.compare_digest(header.encode(), expected.encode())


def _read(request: HttpRequest) -> dict[str, Any] | None:
    try:
        said = json.loads(request.body[:LONGEST])
    except ValueError:
        return None
    is_said = isinstance(said, dict) and isinstance(said.get("delivered"), bool)
    reference = said.get("reference") if is_said else None
    return said if isinstance(reference, str) and 0 < len(reference) <= 120 and "\x00" not in reference else None
