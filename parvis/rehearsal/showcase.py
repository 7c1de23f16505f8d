"""The demonstration's case files: some in every state, receipts that end, cards in the drawers and others set aside."""

from datetime import date, timedelta

from parvis.booking.actions import summons
from parvis.casefiles import actions as casefiles
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import Decision, OpinionBody
from parvis.common import clock
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Agent, Office
from parvis.permits import actions as permits
from parvis.permits.models import Permit
from parvis.permits.states import Source
from parvis.procedures import queries as catalogue
from parvis.rehearsal import scenarios
from parvis.rehearsal.desk import OPENS_FILE
from parvis.rehearsal.names import card_number
from parvis.rehearsal.replay.past import Measures, Past, lay_down

SEED = 7
UNDECIDED, DECIDED, OVER_DAYS = 240, 90, 120
MINE = 18  # files that the demonstration's officer has in hand
WAITED = timedelta(days=95)  # of the cards that nobody came for
CARDS_FROM = 600  # the numbers of these cards, behind those of the people who come on the first day


def prepare(office: Office, day: date, *, officer: Agent, colleague: Agent, signatory: Agent) -> None:
    """Lay down the stock that the screens show: a few hundred files, one delivery, cards that wait or were set aside.

    ``officer`` is the account one signs in with, ``colleague`` the simulated one who proposed what waits for a
    signature.
    """
    mix = {code: share for code, share in scenarios.for_day(day).mix.items() if code in OPENS_FILE}
    past = lay_down(
        office,
        day,
        Measures(UNDECIDED, DECIDED, OVER_DAYS),
        mix=mix,
        procedures={code: catalogue.by_code(code) for code in mix},
        agents=[colleague],
        signatory=signatory,
        seed=SEED,
        with_documents=True,
    )
    with clock.held(clock.at(day - timedelta(days=3), "10:00")):
        _review(past, officer=officer, colleague=colleague)
    _cards(office, day, past.granted)


def _review(past: Past, *, officer: Agent, colleague: Agent) -> None:
    """Files in hand, put aside, asked about, before a body outside or the committee, proposed, refused."""
    ready = iter([file for file in past.undecided if file.state == "under_review"][::-1])
    today = clock.today()
    casefiles.give_all([next(ready) for _file in range(MINE)], officer, by=SYSTEM)
    for _file in range(6):
        casefiles.ask_person(_mine(next(ready), officer), text="Merci d'envoyer votre dernier avis.", by=officer)
    for _file in range(4):
        due = today + timedelta(days=30)
        casefiles.ask_opinion(_mine(next(ready), officer), OpinionBody.WORK_DIRECTORATE, due, by=officer)
    for _file in range(2):
        file = _mine(next(ready), officer)
        summoned, meets = today + timedelta(days=1), today + timedelta(days=30)
        casefiles.refer_to_committee(file, summoned_on=summoned, meets_on=meets, by=officer)
    for _file in range(3):
        until = today + timedelta(days=14)
        casefiles.hold(_mine(next(ready), officer), until, "Vérification en cours", by=officer)
    casefiles.propose_all([next(ready) for _file in range(8)], Decision.GRANT, by=colleague)


def _mine(file: CaseFile, officer: Agent) -> CaseFile:
    return casefiles.take(file, by=officer)


def _cards(office: Office, day: date, granted: list[CaseFile]) -> None:
    """An old delivery of which some cards were never fetched, one of last week, one being taken in this morning."""
    old, recent, coming = granted[:10], granted[10:40], granted[40:50]
    first = CARDS_FROM
    _deliver(office, day, day - WAITED, old, first)
    _deliver(office, day, day - timedelta(days=6), recent, first + len(old))
    with clock.held(clock.at(day - timedelta(days=1), "07:00")):
        permits.mark_unclaimed_due()
    with clock.held(clock.at(day - timedelta(days=1), "16:00")):
        delivery = permits.open_delivery(office, label="En cours", source=Source.SCAN, by=SYSTEM)
        start = first + len(old) + len(recent)
        for place, file in enumerate(coming):
            permits.scan(delivery, card_number(day, start + place), file_number=file.number, place="T50", by=SYSTEM)
        for place in range(3):
            number = card_number(day, start + len(coming) + place)
            permits.scan(delivery, number, name=f"INCONNU EXEMPLE {place + 1}", by=SYSTEM)


def _deliver(office: Office, day: date, on: date, files: list[CaseFile], first: int) -> None:
    with clock.held(clock.at(on, "09:00")):
        delivery = permits.open_delivery(office, label=f"{on:%d/%m}", source=Source.SCAN, by=SYSTEM)
        for place, file in enumerate(files):
            where = f"U{place // 25 + 1}-{place % 25 + 1:02d}"
            card = permits.scan(
                delivery, card_number(day, first + place), file_number=file.number, place=where, by=SYSTEM
            )
            if isinstance(card, Permit):
                summons.summon(card, by=SYSTEM)
        permits.close_delivery(delivery, by=SYSTEM)
