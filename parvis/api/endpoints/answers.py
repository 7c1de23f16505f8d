"""What every address shares: the key of a command, and the shape of a refusal."""

from typing import Annotated

from ninja import Header

from parvis.api import schemas

IdempotencyKey = Annotated[
    schemas.Key,
    Header(alias="Idempotency-Key", description="Yours, 16 to 64 characters. The same key again: the same answer."),
]
REFUSED = dict.fromkeys((401, 403, 404, 409, 410, 429, 503), schemas.Refusal) | {422: schemas.InvalidOut}
