"""Cards of past days: delivered, announced, fetched. What exists as an action on many is called."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from parvis.booking.actions import summons
from parvis.casefiles.actions import moves
from parvis.casefiles.models import CaseFile, Receipt
from parvis.casefiles.states import Closing
from parvis.casefiles.states import State as FileState
from parvis.common import clock
from parvis.journal import actions as journal
from parvis.journal.actions import SYSTEM
from parvis.offices.models import Agent, Office
from parvis.permits import actions as permits
from parvis.permits import queries, rules
from parvis.permits.models import Handover, Permit, Stamp
from parvis.permits.rules.checklist import OLD
from parvis.permits.states import Notice, Source, State
from parvis.procedures.rules import Amount
from parvis.rehearsal.desk import stamps

A_DRAWER = 25
MORNING, TOLD, FETCHED = "09:00", "10:00", "14:00"


def sender_list(cards: Iterable[tuple[str, str, str]]) -> bytes:
    """The list that comes with a delivery: the number of each card, that of its file, and where the card is put."""
    content = io.StringIO()
    lines = csv.writer(content, delimiter=";")
    lines.writerow(["Numéro de titre", "Dossier", "Emplacement"])
    lines.writerows(cards)
    return content.getvalue().encode()


def place_of(turn: int, drawers: str = "T") -> str:
    """Where the card of this turn is put, in the drawers of a letter: ``T2-07``."""
    return f"{drawers}{turn // A_DRAWER + 1}-{turn % A_DRAWER + 1:02d}"


def deliver(office: Office, day: date, cards: Sequence[tuple[str, str, str]]) -> list[Permit]:
    """A delivery read from its sender's list, its cards put away and their persons told that morning.

    The ``cards`` are those of ``sender_list``.
    """
    with clock.held(clock.at(day, MORNING)):
        delivery = permits.open_delivery(office, label=f"{day:%d/%m}", source=Source.CSV, by=SYSTEM)
        permits.read_csv(delivery, sender_list(cards), by=SYSTEM)
        permits.close_delivery(delivery, by=SYSTEM)
    with clock.held(clock.at(day, TOLD)):
        summons.summon_all(delivery.permits.order_by("pk"), by=SYSTEM)
    return list(delivery.permits.select_related("office", "case_file__procedure", "person").order_by("pk"))


def hand_over(cards: Sequence[Permit], day: date, *, by: Agent) -> None:
    """Cards that their persons fetched on a day, everything brought: as ``permits.hand_over`` leaves each of them.

    For cards with a file whose permit had a last day: the old card is taken back.
    """
    with clock.held(clock.at(day, FETCHED)):
        now = clock.now()
        files = list(moves.rows([card.case_file_id for card in cards if card.case_file_id]).values())
        Permit.objects.filter(pk__in=[card.pk for card in cards]).update(state=State.HANDED_OVER, handed_over_at=now)
        dues = queries.amounts_due(cards, day)
        checks = _checks(cards, dues, day)
        given = [
            rules.check_stamps(stamps(day.toordinal(), card, checks[card.pk], due.eur or due.eur_max), due)
            for card, due in zip(cards, dues, strict=True)
        ]
        made = Handover.objects.bulk_create(
            Handover(permit=card, checks=checks[card.pk], notice=Notice.PAPER, agent_id=by.agent_id, at=now)
            for card in cards
        )
        Stamp.objects.bulk_create(
            Stamp(handover=one, number=number, eur=eur)
            for one, shown in zip(made, given, strict=True)
            for number, eur in shown
        )
        told = []
        for card, shown in zip(cards, given, strict=True):
            paid = {"checks": checks[card.pk], "stamps_eur": sum(eur for _number, eur in shown)}
            days = (now - card.received_at).days
            told.append((card, {"kind": card.kind, "ticket": "", "days_in_stock": days, **paid}))
        journal.record_all("permit.handed_over", told, by=by, at=now, office=cards[0].office_id)
        taken_back = [card.case_file_id for card in cards if OLD in checks[card.pk]]
        Receipt.objects.filter(case_file__in=taken_back, returned_at=None).update(returned_at=now)
        _close(files, by)


def _close(files: Sequence[CaseFile], by: Agent) -> None:
    why = {"closing": str(Closing.HANDED_OVER)}
    ended = {"closing": Closing.HANDED_OVER}
    moves.become_all(files, FileState.HANDED_OVER, FileState.CLOSED, by=by, now=clock.now(), facts=why, fields=ended)


def _checks(cards: Sequence[Permit], dues: Sequence[Amount], day: date) -> dict[int, list[str]]:
    """What is ticked of each card; those of one procedure and amount have one checklist."""
    known: dict[object, list[str]] = {}
    found = {}
    for card, due in zip(cards, dues, strict=True):
        file = card.case_file
        alike = file and (file.procedure_id, file.fee_case, card.stamp_eur)
        if alike not in known:
            known[alike] = sorted(check.code for check in queries.checklist(card, day, due))
        found[card.pk] = known[alike]
    return found
