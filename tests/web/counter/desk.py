"""What the tests of the case file at the counter share: who is received, what is pressed, what the screen says."""

import html
from datetime import date
from typing import Any

from django.test import Client

from parvis.casefiles import actions as casefiles
from parvis.casefiles import queries as case_files
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import DocumentState
from parvis.journal.actions import KIOSK
from parvis.people.models import Person
from parvis.procedures import queries as catalogue
from parvis.reception.models import Ticket
from tests.web.staff import Staff

SEEN, MISSING, NOT_NEEDED = DocumentState.SEEN, DocumentState.MISSING, DocumentState.NOT_NEEDED
FILING, RECEIPTS = 3, 16


def press(client: Client, what: str, *, counter: int = FILING, **fields: object) -> Any:
    return client.post(f"/guichet/{counter}/{what}/", fields, follow=True)


def text_of(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def served(staff: Staff, client: Client, *procedures: str, counter: int = FILING, **more: Any) -> Ticket:
    """Somebody received at a counter."""
    ticket = staff.ticket(*procedures, **more)
    press(client, "appeler", counter=counter, key=f"appel-{ticket.pk}")
    press(client, "arrive", counter=counter, ticket=ticket.pk)
    return ticket


def at_counter(staff: Staff, number: int = FILING) -> Client:
    return staff.at_counter(number, "filing", "receipts")[0]


def new_file(staff: Staff, person: Person, procedure: str = "renewal", **more: Any) -> CaseFile:
    fields = {"permit_expires_on": date(2018, 1, 20)} | more
    return casefiles.deposit(staff.office, person=person, procedure=catalogue.by_code(procedure), by=KIOSK, **fields)


def ticks(file: CaseFile, **changes: str) -> dict[str, str]:
    """The form of a complete file: everything seen, what is asked of some only not needed but the own address."""
    said = {}
    for row in case_files.list_for(file):
        code = row.document.code
        said[f"doc-{code}"] = NOT_NEEDED if row.is_conditional and code != "address_own" else SEEN
    return said | {f"doc-{code}": state for code, state in changes.items()}


def form_of(ticket: Ticket, file: CaseFile, key: str = "k", **more: object) -> dict[str, object]:
    """What a press says of a file; its receipt, where the rule asks, does not let work."""
    return {"ticket": ticket.pk, "file": file.pk, "version": file.version, "key": key, "work": "no", **more}


def attach(client: Client, ticket: Ticket, file: CaseFile) -> Any:
    return press(client, "dossier/prendre", ticket=ticket.pk, file=file.pk)
