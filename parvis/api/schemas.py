"""What programs send and what they get, with its limits."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from parvis.booking.states import BookedBy, UrgentGround

# No NUL: PostgreSQL keeps none.
_PLAIN = r"^[^\x00]*$"
Code = Annotated[str, StringConstraints(pattern=r"^[-a-zA-Z0-9_]{1,40}$")]
Text = Annotated[str, StringConstraints(max_length=300, pattern=_PLAIN)]
Long = Annotated[str, StringConstraints(max_length=4_000, pattern=_PLAIN)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
HalfDay = Annotated[str, StringConstraints(pattern=r"^[1-7](am|pm)$")]
Number = Annotated[int, Field(ge=1, lt=2**63)]


class Sent(Schema):
    """What is not known is refused: a misspelt field must not be lost in silence."""

    model_config = ConfigDict(extra="forbid")


class OfficeOut(Schema):
    code: str
    name: str
    free: str = Field(description="What is free, kept up within a second: ask this address in a rush.")
    waits: str = Field(description="The waits now.")


class ProcedureOut(Schema):
    code: str
    name: str
    line: str
    access: str = Field(description="walk_in, mixed or appointment_only, today")
    given: str = Field(description="immediate, or draw: then send a request")
    minutes: float = Field(description="Counter time in minutes, on average")


class DayOut(Schema):
    day: date
    seats: int


class SlotOut(Schema):
    slot: int
    starts_at: datetime
    minutes: int
    seats: int


class ChallengeOut(Schema):
    challenge: dict[str, Any] = Field(description="A proof of work (ALTCHA) to be solved; serves once.")


class ContactIn(Sent):
    """One of the two; ``language`` is that of the message. ``challenge`` is left out by a partner with a key.

    ``office`` is the one whose limits count; without it, those of the strictest.
    """

    email: Text = ""
    phone: Text = ""
    office: Code | None = None
    language: Code = "fr"
    challenge: Long = ""


class CheckOut(Schema):
    check: str = Field(description="Where the code that was sent is to be given")


class CodeIn(Sent):
    code: Text


class ProofOut(Schema):
    proof: str = Field(description="Signed; proves the contact for a day")


class AttendeeIn(Sent):
    """A foreign number, or a passport number; always the birth date."""

    family_name: Text
    given_name: Text = ""
    birth_date: date
    foreign_number: Text = ""
    passport_number: Text = ""
    procedure: Code


class BookerIn(Sent):
    kind: BookedBy = BookedBy.SELF
    name: Text = ""
    email: Text = ""


class BookingIn(Sent):
    office: Code
    slot: Number
    attendees: Annotated[list[AttendeeIn], Field(min_length=1, max_length=40)]
    email: Text = ""
    phone: Text = ""
    language: Code = "fr"
    booker: BookerIn = BookerIn()
    proof: Annotated[str, StringConstraints(max_length=1_000, pattern=_PLAIN)]


class MoveIn(Sent):
    slot: Number


class RequestIn(Sent):
    """Somebody asks for a place that is drawn. ``suits``: half-days such as 1am (Monday morning), all when empty."""

    office: Code
    attendee: AttendeeIn
    email: Text = ""
    phone: Text = ""
    language: Code = "fr"
    proof: Annotated[str, StringConstraints(max_length=1_000, pattern=_PLAIN)]
    expires_on: date | None = Field(None, description="The last day of the present permit")
    ground: UrgentGround = UrgentGround.NONE
    ground_reason: Text = ""
    suits: Annotated[list[HalfDay], Field(max_length=14)] = []


class RequestOut(Schema):
    token: str = Field(description="Opens the request: keep it from others")
    number: str
    state: str = Field(description="waiting, offered, placed or withdrawn")
    office: str
    procedure: str
    lost: int = Field(description="Draws in which nothing was found")
    drawn_at: datetime | None = Field(description="When the list that it is in closes")
    appointment: str | None = Field(description="The token of the appointment, once there is one")
    page: str = Field(description="Where the person sees it, answers an offer, gets a certificate")


class AppointmentOut(Schema):
    token: str = Field(description="Opens the appointment: keep it from others")
    number: str = Field(description="What the person says at the desk")
    state: str
    office: str
    procedures: list[str]
    people: int
    starts_at: datetime
    minutes: int
    sequence: int
    page: str = Field(description="Where the person sees, moves or cancels it")


class Refusal(Schema):
    """Why not: ``code`` for programs, ``message`` for people, in the language of ``Accept-Language``."""

    code: str
    message: str


class FieldRefusal(Schema):
    where: list[str]
    message: str


class InvalidOut(Refusal):
    """The same, with the fields that are not what is asked for when it is they."""

    fields: list[FieldRefusal] = []
