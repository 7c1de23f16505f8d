"""Cards of files, at every point of their life."""

from itertools import count

from parvis.casefiles.models import CaseFile
from parvis.common import clock
from parvis.permits import actions, queries
from parvis.permits.models import Delivery, Permit
from tests.casefiles.house import CaseHouse

_cards = count(1)
_stamps = count(1)


def delivery(house: CaseHouse) -> Delivery:
    """A delivery that is being taken in."""
    return actions.open_delivery(house.office, label="Livraison fictive", by=house.clerk)


def card(house: CaseHouse, file: CaseFile | None = None, **changes: object) -> Permit:
    """The card of a granted file, scanned into stock."""
    file = file or house.granted(**changes)
    taken = actions.scan(
        delivery(house), f"CARTE{next(_cards):06}", file_number=file.number, place="Tiroir 1", by=house.clerk
    )
    assert isinstance(taken, Permit), taken
    return taken


def announced(house: CaseHouse, **changes: object) -> Permit:
    """A card whose person was told."""
    return actions.announce(card(house, **changes), by=house.clerk)


def stamp(eur: int = 219) -> tuple[str, int]:
    """An electronic stamp nobody used."""
    return f"{next(_stamps):016}", eur


def everything(permit: Permit) -> dict[str, object]:
    """All that the handover of this card asks."""
    codes = [check.code for check in queries.checklist(permit, clock.today())]
    return {"checks": codes, "stamps": [stamp()] if "tax_stamp" in codes else [], "notice": "paper"}
