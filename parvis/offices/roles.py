"""Who may do what: ten ready roles as named permissions, each thought of as the person who holds it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its code (the name of its group), its name for people, its permissions (``app.codename``)."""

    code: str
    name: str | Promise
    permissions: tuple[str, ...]


_AT_A_COUNTER = (
    "offices.view_office",
    "people.view_person",
    "reception.call_ticket",
    "reception.give_return",
    "reception.print_ticket",
    "reception.view_queue",
)

# Whoever calls people does not issue tickets: in 2017 places in the queue were sold.
_ALL = (
    Role(
        "greeter",
        _("Agent d'accueil"),
        (
            "booking.book_appointment",
            "booking.check_in_appointment",
            "booking.view_appointment",
            "offices.view_office",
            "people.view_person",
            "reception.give_return",
            "reception.issue_ticket",
            "reception.print_ticket",
            "reception.put_back_ticket",
            "reception.view_admission",
            "reception.view_queue",
        ),
    ),
    Role(
        "counter_agent",
        _("Agent de guichet"),
        (
            *_AT_A_COUNTER,
            "casefiles.deposit_case_file",
            "casefiles.give_receipt",
            "casefiles.view_case_file",
            "people.change_person",
        ),
    ),
    Role(
        "handover_agent",
        _("Agent de remise des titres"),
        (
            *_AT_A_COUNTER,
            "casefiles.view_case_file",
            "permits.hand_over_permit",
            "permits.receive_permit",
            "permits.return_permit",
        ),
    ),
    # Proposes decisions; somebody else signs them.
    Role(
        "case_officer",
        _("Instructeur"),
        (
            "casefiles.deposit_case_file",
            "casefiles.give_receipt",
            "casefiles.review_case_file",
            "casefiles.view_case_file",
            "offices.view_office",
            "people.change_person",
            "people.view_person",
            "reception.view_queue",
        ),
    ),
    Role(
        "mail_phone_team",
        _("Équipe courriels et téléphone"),
        (
            "booking.book_appointment",
            "booking.view_appointment",
            "casefiles.view_case_file",
            "offices.view_office",
            "outbox.view_message",
            "people.view_person",
            "reception.view_queue",
        ),
    ),
    # Helps people on a shared workstation, with them: calls them, but does not search for anybody.
    Role(
        "digital_helper",
        _("Médiateur numérique"),
        (
            "booking.book_appointment",
            "offices.view_office",
            "reception.call_ticket",
            "reception.print_ticket",
            "reception.view_queue",
        ),
    ),
    Role(
        "head_of_office",
        _("Chef de bureau"),
        (
            "booking.book_appointment",
            "booking.change_capacity",
            "booking.check_in_appointment",
            "booking.confirm_urgency",
            "booking.hold_draw",
            "booking.view_appointment",
            "casefiles.assign_case_file",
            "casefiles.deposit_case_file",
            "casefiles.give_receipt",
            "casefiles.import_case_files",
            "casefiles.review_case_file",
            "casefiles.sign_decision",
            "casefiles.view_case_file",
            "indicators.view_figures",
            "indicators.view_public_figures",
            "journal.search_journal",
            "offices.change_opening",
            "offices.plan_shifts",
            "offices.view_office",
            "outbox.view_message",
            "people.change_person",
            "people.view_person",
            "permits.change_policy",
            "permits.hand_over_permit",
            "permits.receive_permit",
            "permits.return_permit",
            "reception.call_ticket",
            "reception.change_policy",
            "reception.close_day",
            "reception.give_return",
            "reception.issue_ticket",
            "reception.pick_ticket",
            "reception.print_ticket",
            "reception.put_back_ticket",
            "reception.view_admission",
            "reception.view_queue",
        ),
    ),
    Role("press_officer", _("Communication"), ("indicators.view_public_figures",)),
    # Reads what happened and how the office runs; the journal names nobody, so no file of a person is opened.
    Role(
        "internal_auditor",
        _("Audit interne"),
        (
            "indicators.view_figures",
            "indicators.view_public_figures",
            "journal.search_journal",
            "offices.view_office",
            "reception.view_admission",
            "reception.view_queue",
        ),
    ),
    # Sets the house up and reads nothing about anybody received.
    Role(
        "administrator",
        _("Administrateur"),
        (
            "offices.change_opening",
            "offices.manage_agents",
            "offices.plan_shifts",
            "offices.view_office",
            "outbox.view_message",
            "procedures.change_catalogue",
            "reception.change_policy",
        ),
    ),
)

ROLES: dict[str, Role] = {role.code: role for role in _ALL}
