"""The code posted at the entrance: who takes a ticket on a phone shows by it that they have come."""

import hmac

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from parvis.common import clock
from parvis.common.database import action
from parvis.offices.models import Office
from parvis.reception import queries, rules
from parvis.reception.errors import TooManyDoorCodes
from parvis.reception.models import DoorGuesses


@action()
def try_door_code(office: Office, code: str, *, address: str) -> bool:
    """Whether this is the code posted today; a wrong one is counted against the network address it came from.

    Raises ``TooManyDoorCodes`` after ten wrong codes in ten minutes, even for the right one. The count is taken before
    the code is looked at, and its row stays locked until then: guesses sent together are counted one by one.
    """
    digest = salted_hmac("parvis.door", address, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()
    if _count(office, digest) > rules.WRONG_CODES:
        raise TooManyDoorCodes
    if not hmac.compare_digest(queries.door_code(office).encode(), rules.door_code_read(code).encode()):
        return False
    _take_back(office, digest)
    return True


def forget_guesses() -> int:
    """Erase the counts that no longer hold anybody back; how many."""
    return DoorGuesses.objects.filter(since__lte=clock.now() - rules.GUESSING_PAUSE).delete()[0]


def _count(office: Office, digest: str) -> int:
    """One guess more from an address; how many since the first of the last ten minutes."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reception_doorguesses AS known (office_id, address, since, wrong) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (office_id, address) DO UPDATE SET"
            " since = CASE WHEN known.since <= %s THEN excluded.since ELSE known.since END,"
            " wrong = CASE WHEN known.since <= %s THEN 1 ELSE known.wrong + 1 END RETURNING wrong",
            [office.pk, digest, now, now - rules.GUESSING_PAUSE, now - rules.GUESSING_PAUSE],
        )
        return int(cursor.fetchone()[0])


def _take_back(office: Office, digest: str) -> None:
    """The guess was right: it does not count, and an address without a wrong one is not kept."""
    known = DoorGuesses.objects.get(office=office, address=digest)
    if known.wrong <= 1:
        known.delete()
        return
    known.wrong -= 1
    known.save(update_fields=["wrong"])
