"""What may be done with a file, one row an act: its words, its key, its form, when it is possible, what it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.casefiles import actions, queries
from parvis.casefiles.errors import QuestionOver
from parvis.casefiles.models import CaseFile
from parvis.casefiles.rules.deciding import may_close
from parvis.casefiles.states import UNDECIDED, WORKABLE, Closing, Decision, OpinionBody, State
from parvis.offices.models import Agent
from parvis.web.casework import forms

M = TypeVar("M", bound=Model)

REVIEW = "casework:act"
DECIDE = "casework:decide"
GIVE = "casework:give"
CHECK = "casework:check"
RECEIPT = "casework:receipt"
# Addresses of one act: nothing names it there.
OF_ONE_ACT = frozenset({GIVE, CHECK, RECEIPT})
PERMISSIONS = {
    REVIEW: "casefiles.review_case_file",
    DECIDE: "casefiles.sign_decision",
    GIVE: "casefiles.assign_case_file",
    CHECK: "casefiles.deposit_case_file",
    RECEIPT: "casefiles.give_receipt",
}


@dataclass(frozen=True, slots=True)
class Doing:
    """One act being done: on which file, by whom, what was typed, and the version of the file that was read."""

    file: CaseFile
    by: Agent
    data: dict[str, Any]
    seen: int | None


@dataclass(frozen=True, slots=True)
class Act:
    """An act of an officer. ``goes_on``: the work on this file is over for now, the next of the list opens.

    ``in_hand``: the house takes it from the officer who has the file alone, or from anybody when nobody has it.
    """

    code: str
    label: Promise
    said: Promise
    when: Callable[[CaseFile, Agent], bool]
    run: Callable[[Doing], object]
    url: str = REVIEW
    form: type[forms.ActForm] | None = None
    key: str = ""
    goes_on: bool = False
    look: str = ""
    in_hand: bool = False

    def is_for(self, file: CaseFile, by: Agent) -> bool:
        """Whether the file is in the right hands for it."""
        return not self.in_hand or file.officer_id in {None, by.pk}

    def is_possible(self, file: CaseFile, by: Agent) -> bool:
        """Whether to offer it: the state allows it and a role of the agent does."""
        return by.can(PERMISSIONS[self.url]) and self.when(file, by)


def _in(*states: str) -> Callable[[CaseFile, Agent], bool]:
    return lambda file, by: file.state in states


def _to_sign(file: CaseFile, by: Agent) -> bool:
    return file.state == State.PROPOSED and file.proposed_by_id != by.pk


def _to_receive(file: CaseFile, by: Agent) -> bool:
    return queries.awaits_receipt(file)


def _check(doing: Doing) -> object:
    checks, until = doing.data["checks"], doing.data["until"]
    if doing.data["slip"]:
        return actions.tick_and_slip(doing.file, checks, until=until, by=doing.by, seen=doing.seen)
    return actions.tick(doing.file, checks, by=doing.by, seen=doing.seen)


def _ask(doing: Doing) -> object:
    data = doing.data
    return actions.ask_person(
        doing.file,
        text=data["text"],
        documents=tuple(data["documents"]),
        answer_by=data["answer_by"],
        by=doing.by,
        seen=doing.seen,
    )


def _propose(decision: Decision) -> Callable[[Doing], object]:
    def propose(doing: Doing) -> object:
        return actions.propose(
            doing.file,
            decision,
            grounds=doing.data.get("grounds", ""),
            order=doing.data.get("order", ""),
            card_months=doing.data.get("card_months"),
            by=doing.by,
            seen=doing.seen,
        )

    return propose


def _record_opinion(doing: Doing) -> object:
    return actions.record_opinion(doing.data["opinion"], **_said(doing), by=doing.by)


def _record_committee(doing: Doing) -> object:
    committee = _awaited(doing.file.committees.filter(heard_at=None))
    return actions.record_committee(committee, **_said(doing), by=doing.by)


def _answer(doing: Doing) -> object:
    question = _awaited(doing.file.questions.filter(ended_at=None))
    return actions.answer(question, text=doing.data["text"], by=doing.by)


def _end_question(doing: Doing) -> object:
    return actions.end_question(_awaited(doing.file.questions.filter(ended_at=None)), by=doing.by)


def _give(doing: Doing) -> object:
    result = actions.give([doing.file], doing.data["officer"], by=doing.by)
    for _file, error in result.refused:
        raise error
    return result.done


def _awaited(rows: QuerySet[M]) -> M:
    """The oldest that is still awaited. Raises ``QuestionOver``: a colleague noted the answer meanwhile."""
    found = rows.order_by("pk").first()
    if found is None:
        raise QuestionOver
    return found


def _said(doing: Doing) -> dict[str, Any]:
    is_favourable = {"yes": True, "no": False}.get(doing.data["favourable"])
    return {"is_favourable": is_favourable, "text": doing.data["text"]}


ACTS: dict[str, Act] = {
    one.code: one
    for one in (
        Act(
            "prendre", _("Prendre"), _("Le dossier est à vous."),
            lambda file, by: file.state in UNDECIDED and file.officer_id != by.pk,
            lambda do: actions.take(do.file, by=do.by, seen=do.seen), key="t",
        ),
        Act(
            "pieces", _("Pièces"), _("Les pièces sont notées."), _in(State.DEPOSITED, State.INCOMPLETE), _check,
            url=CHECK, form=forms.DocumentsForm, key="p", look="button-main",
        ),
        Act(
            "recepisse", _("Récépissé"), _("Le récépissé est fait."), _to_receive,
            lambda do: actions.issue_receipt_read(do.file, work=do.data["work"] or None, by=do.by, seen=do.seen),
            url=RECEIPT, form=forms.ReceiptForm, key="u",
        ),
        Act(
            "accorder", _("Proposer l'accord"), _("Accord proposé."), _in(State.UNDER_REVIEW),
            _propose(Decision.GRANT), form=forms.GrantForm, key="p", goes_on=True, look="button-main", in_hand=True,
        ),
        Act(
            "refuser", _("Proposer le refus"), _("Refus proposé."), _in(State.UNDER_REVIEW),
            _propose(Decision.REFUSE), form=forms.RefuseForm, key="r", goes_on=True, in_hand=True,
        ),
        Act(
            "signer", _("Signer"), _("Décision signée."), _to_sign,
            lambda do: actions.sign(do.file, by=do.by, seen=do.seen),
            url=DECIDE, key="s", goes_on=True, look="button-main",
        ),
        Act(
            "renvoyer", _("Renvoyer à l'instruction"), _("Le dossier retourne à l'instruction."), _to_sign,
            lambda do: actions.send_back(do.file, do.data["because"], by=do.by, seen=do.seen),
            url=DECIDE, form=forms.BecauseForm, key="v", goes_on=True,
        ),
        Act(
            "demander", _("Demander à la personne"), _("La demande est envoyée."), _in(State.UNDER_REVIEW), _ask,
            form=forms.AskForm, key="d", goes_on=True, in_hand=True,
        ),
        Act(
            "repondre", _("Noter sa réponse"), _("La réponse est notée."), _in(State.INFORMATION_REQUESTED), _answer,
            form=forms.AnswerForm, key="r",
        ),
        Act(
            "terminer-demande", _("Ne plus attendre la réponse"), _("Le dossier revient à l'instruction."),
            _in(State.INFORMATION_REQUESTED), _end_question,
        ),
        Act(
            "avis", _("Demander un avis"), _("L'avis est demandé."),
            _in(State.UNDER_REVIEW, State.OPINION_PENDING),
            lambda do: actions.ask_opinion(
                do.file, OpinionBody(do.data["body"]), do.data["due_on"], by=do.by, seen=do.seen
            ),
            form=forms.OpinionForm, key="e", goes_on=True, in_hand=True,
        ),
        Act(
            "avis-recu", _("Noter l'avis reçu"), _("L'avis est noté."), _in(State.OPINION_PENDING), _record_opinion,
            form=forms.OpinionSaidForm, key="r",
        ),
        Act(
            "commission", _("Saisir la commission"), _("La commission est saisie."), _in(State.UNDER_REVIEW),
            lambda do: actions.refer_to_committee(
                do.file, summoned_on=do.data["summoned_on"], meets_on=do.data["meets_on"], by=do.by, seen=do.seen
            ),
            form=forms.CommitteeForm, key="c", goes_on=True, in_hand=True,
        ),
        Act(
            "commission-avis", _("Noter l'avis de la commission"), _("L'avis de la commission est noté."),
            _in(State.COMMITTEE_REFERRAL), _record_committee, form=forms.CommitteeSaidForm, key="c",
        ),
        Act(
            "attendre", _("Mettre en attente"), _("Le dossier attend."),
            lambda file, by: file.state in WORKABLE and file.held_until is None,
            lambda do: actions.hold(do.file, do.data["until"], do.data["because"], by=do.by, seen=do.seen),
            form=forms.HoldForm, key="m", goes_on=True, in_hand=True,
        ),
        Act(
            "reprendre", _("Ne plus attendre"), _("Le dossier n'attend plus."),
            lambda file, by: file.state in WORKABLE and file.held_until is not None,
            lambda do: actions.resume(do.file, by=do.by), key="m", in_hand=True,
        ),
        Act(
            "note", _("Écrire une note"), _("La note est gardée."), lambda file, by: True,
            lambda do: actions.note(do.file, do.data["text"], by=do.by), form=forms.NoteForm, key="n",
        ),
        Act(
            "confier", _("Confier à"), _("Le dossier est confié."), _in(*UNDECIDED),
            _give, url=GIVE, form=forms.GiveForm, key="g",
        ),
        Act(
            "lacher", _("Rendre le dossier"), _("Le dossier est rendu à la liste."),
            lambda file, by: file.state in UNDECIDED and file.officer_id == by.pk,
            lambda do: actions.let_go(do.file, by=do.by), goes_on=True,
        ),
        Act(
            "rouvrir", _("Rouvrir l'instruction"), _("L'instruction est rouverte."), _in(State.REFUSED),
            lambda do: actions.reopen(do.file, do.data["because"], by=do.by), url=DECIDE, form=forms.BecauseForm,
        ),
        Act(
            "clore", _("Clore"), _("Le dossier est clos."),
            lambda file, by: any(may_close(file.state, one) for one in forms.BY_HAND),
            lambda do: actions.close(do.file, Closing(do.data["closing"]), by=do.by, seen=do.seen),
            form=forms.CloseForm,
            goes_on=True,
        ),
    )
}  # fmt: skip
