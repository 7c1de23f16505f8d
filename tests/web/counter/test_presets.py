"""The list of a file at the counter: what the file itself decides is there before the agent ticks."""

from datetime import date

import pytest

from parvis.casefiles import actions as casefiles
from parvis.casefiles import queries
from parvis.casefiles.models import CaseFile
from parvis.casefiles.states import Channel, DocumentState, State
from parvis.common import clock
from parvis.journal.actions import KIOSK
from tests.people.factories import PersonFactory
from tests.web.counter.desk import at_counter, attach, new_file, served, text_of
from tests.web.staff import Staff

TODAY = date(2026, 3, 16)
NOT_NEEDED, SEEN = DocumentState.NOT_NEEDED, DocumentState.SEEN


def listed(file: CaseFile) -> dict[str, str]:
    return {row.document.code: row.state for row in queries.list_for(file)}


@pytest.mark.parametrize(
    ("channel", "left", "out"),
    [
        (Channel.COUNTER, "photos_3", "photo_code"),
        (Channel.POST, "photos_3", "photo_code"),
        (Channel.WEB, "photo_code", "photos_3"),
        (Channel.DIGITAL_POINT, "photo_code", "photos_3"),
    ],
)
def test_the_channel_tells_which_photographs(staff: Staff, channel: Channel, left: str, out: str) -> None:
    clock.hold(clock.at(TODAY, "10:00"))
    seen = listed(new_file(staff, PersonFactory(), channel=channel))
    assert (seen[left], seen[out]) == ("", NOT_NEEDED)


@pytest.mark.parametrize(
    ("expires_on", "fee_case", "state"),
    [(None, "first", NOT_NEEDED), (None, "renewal", ""), (date(2018, 1, 20), "first", ""), (None, "reduced", "")],
)
def test_the_permit_in_hand_tells_the_results_of_a_student(
    staff: Staff, expires_on: date | None, fee_case: str, state: str
) -> None:
    file = new_file(staff, PersonFactory(), "student", permit_expires_on=expires_on, fee_case=fee_case)
    assert listed(file)["study_results"] == state


def test_what_the_file_does_not_ask_keeps_it_from_nothing(staff: Staff) -> None:
    """Nothing is said of the results of somebody who never studied here: the file is complete."""
    file = new_file(staff, PersonFactory(), "student", permit_expires_on=None, fee_case="first")
    said = {row.document.code: (SEEN, "") for row in queries.list_for(file) if row.document.code != "study_results"}
    assert casefiles.tick(file, said, by=KIOSK).state == State.UNDER_REVIEW


def test_at_the_counter_it_is_ticked_and_what_is_asked_cannot_be_waved_away(staff: Staff) -> None:
    client, person = at_counter(staff), PersonFactory()
    file = new_file(staff, person, "student", permit_expires_on=None, fee_case="first")
    ticket = served(staff, client, "student", person=person)
    page = text_of(attach(client, ticket, file))
    assert 'name="doc-study_results" value="not_needed" checked' in page
    assert 'name="doc-photos_3" value="seen"' in page
    assert 'name="doc-photos_3" value="not_needed"' not in page
    assert 'name="doc-translation" value="not_needed">' in page
    assert "noté entre-temps" not in page
