"""From one answer to the next question."""

import functools
from itertools import groupby

from parvis.booking import queries
from parvis.booking.states import Allocation
from parvis.common import clock
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure
from parvis.web import prereception
from parvis.web.appointments import passes
from parvis.web.appointments.advice import advise
from parvis.web.appointments.way import Way


def after(way: Way) -> str:
    """The address of the first question that is still open, else of the list of what to bring."""
    return unanswered(way) or way.to("documents")


def unanswered(way: Way) -> str:
    """The address of the first question that is still open, or of the advice that ends the way here; else nothing."""
    procedures = way.answers.procedures
    if not procedures:
        return way.to("procedure")
    if len(groups(way)) > 1:
        return way.to("apart")
    if asks_commune(procedures) and not way.answers.commune:
        return way.to("commune")
    if asks_expiry(way) and not way.answers.expires:
        return way.to("expiry")
    return way.to("advice") if any(one.reason for one in advise(way)) else ""


def unproved(way: Way) -> str:
    """As ``unanswered``; then the address of the verification when nobody proved to be there."""
    missing = unanswered(way)
    if missing:
        return missing
    known = passes.read(way.answers.verified)
    enough = known is not None and (bool(known.proof) or not by_draw(way))
    return "" if enough else way.to("verification")


def end(way: Way) -> str:
    """Where the way goes once somebody is known to be there: the calendar, or the request."""
    return way.to("request") if by_draw(way) else way.to("days")


def groups(way: Way) -> list[tuple[Procedure, ...]]:
    """The procedures that one visit can hold together: of one line, and none whose seats are drawn."""
    ranked = sorted(way.answers.procedures, key=lambda one: _together(way, one))
    return [tuple(group) for _key, group in groupby(ranked, key=lambda one: _together(way, one))]


def by_draw(way: Way) -> bool:
    """Whether the seats are given by draw: the way then ends with a request."""
    return any(_drawn(way, one) for one in way.answers.procedures)


def asks_commune(procedures: tuple[Procedure, ...]) -> bool:
    """Whether where the person lives changes something."""
    return any(prereception.depends_on_commune(one) for one in procedures)


def asks_expiry(way: Way) -> bool:
    """Whether the date on the permit changes something, for somebody of this office's territory."""
    return any(
        way.read(("expires", one.pk), functools.partial(catalogue.needs_expiry_date, one, clock.today()))
        for one in way.answers.procedures
        if way.elsewhere(one).reason is None
    )


def choosing(way: Way) -> str:
    """Back to the choice of procedures; several stay ticked."""
    if len(way.answers.procedures) > 1 or way.answers.people > 1:
        return way.to("procedure", plusieurs="1")
    return way.but(procedures=()).to("procedure")


def before_expiry(way: Way) -> str:
    """The question before the date on the permit."""
    return way.to("commune") if asks_commune(way.answers.procedures) else choosing(way)


def before_documents(way: Way) -> str:
    """The question before the list of what to bring."""
    return way.to("expiry") if asks_expiry(way) else before_expiry(way)


def _drawn(way: Way, procedure: Procedure) -> bool:
    rule = way.read(("allocation", procedure.pk), lambda: queries.allocation(way.office, procedure, clock.today()))
    return rule is not None and rule.allocation == Allocation.DRAW


def _together(way: Way, procedure: Procedure) -> tuple[str, str]:
    return procedure.line_code, procedure.code if _drawn(way, procedure) else ""
