"""Tell the person of a file something: by e-mail and SMS, by letter when the office knows neither."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from parvis.casefiles.models import CaseFile
from parvis.messages import actions as messages
from parvis.messages.actions import Draft
from parvis.messages.states import Channel


def tell(
    files: Iterable[CaseFile], kind: str, *, now: datetime, once: str = "", on_paper: bool = False, **facts: Any
) -> None:
    """Queue one message to the person of each file, once for ``once`` (its version when nothing is said).

    ``on_paper``: a decision that must be notified goes by letter whatever else the office knows.
    """
    drafts = [
        Draft(
            key=f"{kind}:{file.pk}:{once or file.version}:{way}",
            kind=kind,
            to=to,
            channel=way,
            language=file.person.language,
            facts=_facts(file, facts, way),
            about=about(file),
            person_id=file.person_id,
        )
        for file in files
        for way, to in _ways(file, on_paper=on_paper)
    ]
    messages.queue_all(drafts, now=now)


def about(file: CaseFile) -> str:
    """How messages name a file."""
    return f"{file._meta.label_lower}:{file.pk}"


def _facts(file: CaseFile, facts: Mapping[str, Any], way: str) -> dict[str, Any]:
    otherwise = [] if way == Channel.LETTER else [[Channel.LETTER.value, file.number]]
    return {"file": file.pk, "otherwise": otherwise, **facts}


def _ways(file: CaseFile, *, on_paper: bool) -> list[tuple[str, str]]:
    person = file.person
    known = [(str(way), to) for way, to in ((Channel.EMAIL, person.email), (Channel.SMS, person.phone)) if to]
    letter = (str(Channel.LETTER), file.number)
    if on_paper:
        return [letter, *known]
    return known or [letter]
