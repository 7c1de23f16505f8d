"""The seal of a form: the answers it was made for and the key that makes sending it twice harmless.

It stands in for the CSRF cookie on these pages: they must work where cookies are refused and leave none behind.
"""

import uuid
from datetime import timedelta

from django.core import signing

from parvis.booking.models import Appointment
from parvis.offices.models import Office
from parvis.web.kiosk.answers import Answers
from parvis.web.kiosk.errors import SealBroken, SealOld

HOLDS = timedelta(minutes=30)
SALT = "parvis.kiosk"
_APPOINTMENT = "parvis.kiosk.appointment"


def make(office: Office, answers: Answers) -> str:
    """A new seal with a new key."""
    return signing.dumps([office.pk, answers.query(), uuid.uuid4().hex], salt=SALT)


def key_of(seal: str, office: Office, answers: Answers) -> str:
    """The key of a seal made for this office and these answers. Raises ``SealOld`` and ``SealBroken``."""
    try:
        made_for, query, key = signing.loads(seal[:2000], salt=SALT, max_age=HOLDS)
    except signing.SignatureExpired:
        raise SealOld from None
    except (signing.BadSignature, ValueError):
        raise SealBroken from None
    if (made_for, query) != (office.pk, answers.query()):
        raise SealBroken
    return str(key)


def of_appointment(appointment: Appointment) -> str:
    """What stands for an appointment in an address at the door: for a while, and for its office alone."""
    return signing.dumps([appointment.office_id, appointment.pk], salt=_APPOINTMENT)


def appointment_of(seal: str, office: Office) -> int:
    """The key of the appointment that a seal stands for. Raises ``SealOld`` and ``SealBroken``."""
    try:
        made_for, key = signing.loads(seal[:300], salt=_APPOINTMENT, max_age=HOLDS)
    except signing.SignatureExpired:
        raise SealOld from None
    except (signing.BadSignature, ValueError):
        raise SealBroken from None
    if made_for != office.pk:
        raise SealBroken
    return int(key)
