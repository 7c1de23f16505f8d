"""Files, a question, a card, a delivery, one set aside in the office of the staff, with names that try to be more."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.urls import reverse

from parvis.casefiles import actions, queries
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import Decision, DocumentState, OpinionBody
from parvis.common import clock
from parvis.offices.models import Agent
from parvis.permits import actions as cards
from parvis.permits.models import Permit, SetAside
from parvis.procedures.models import Procedure
from parvis.web.files.pages import ASKED, PROVED, sealed
from tests.people.factories import PersonFactory
from tests.web.staff import Staff


@dataclass
class Dossiers:
    """What stands for the parts of addresses, and the addresses of what stands elsewhere in its life."""

    parts: dict[str, object]
    more: list[str] = field(default_factory=list)


def file_something(staff: Staff, agents: dict[str, Agent], name: str) -> Dossiers:
    """A file at each of several points of its life, each with a person of this name."""
    officer, head = agents["case_officer"], agents["head_of_office"]
    procedure = Procedure.objects.get(code="renewal")

    def deposited() -> CaseFile:
        person = PersonFactory(family_name=name, given_name=name, email="temoin@exemple.invalid")
        return actions.deposit(staff.office, person=person, procedure=procedure, by=officer)

    def taken() -> CaseFile:
        file = deposited()
        checks = {
            one.document.code: (DocumentState.NOT_NEEDED if one.is_conditional else DocumentState.SEEN, "")
            for one in queries.list_for(file)
        }
        for one in queries.unsettled(queries.list_for(actions.tick(file, checks, by=officer))):
            checks[one.document.code] = (DocumentState.SEEN, "")
        file.refresh_from_db()
        return actions.take(actions.tick(file, checks, by=officer), by=officer)

    waiting, reviewed, asked, heard, proposed = deposited(), taken(), taken(), taken(), taken()
    question = actions.ask_person(asked, text=name, documents=("passport",), by=officer)
    document = actions.send_document(question, name=f"{name}.pdf", content=b"%PDF-1.7 fictif", code="passport")
    actions.ask_opinion(heard, OpinionBody.MAYOR, clock.today() + timedelta(days=30), by=officer)
    actions.propose(proposed, Decision.REFUSE, grounds=name, by=officer)
    actions.note(reviewed, name, by=officer)
    granted = actions.sign(actions.propose(taken(), Decision.GRANT, by=officer), by=head)
    arrived = cards.open_delivery(staff.office, label=name, by=officer)
    card = cards.scan(arrived, "FICTIF1", file_number=granted.number, place=name, by=officer)
    aside = cards.scan(arrived, "FICTIF2", name=name, place=name, by=officer)
    assert isinstance(card, Permit)
    assert isinstance(aside, SetAside)
    parts = {
        **{f"casework:{page}.pk": reviewed.pk for page in ("file", "give", "act")},
        "casework:act.code": "refuser",
        "casework:decide.code": "signer",
        "casework:decide.pk": proposed.pk,
        "casework:document.pk": document.pk,
        **{f"cards:{page}.pk": card.pk for page in ("card", "move", "faulty")},
        **{f"cards:{page}.pk": arrived.pk for page in ("delivery", "scan", "preview", "read_list", "close_delivery")},
        **{f"cards:{page}.pk": aside.pk for page in ("settle", "dismiss")},
        "files:answer.token": question.token,
        "files:see.sealed": sealed([asked.pk], salt=PROVED),
        "files:code.sealed": sealed([1, asked.number], salt=ASKED),
    }
    return Dossiers(parts, [reverse("casework:file", args=[file.pk]) for file in (waiting, asked, heard, proposed)])
