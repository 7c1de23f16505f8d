"""The few questions that the live process asks the database, each in a thread: Django's ORM is synchronous."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

from parvis.offices.models import Office
from parvis.reception.models import Ticket
from parvis.web.live.rooms import DisplayRoom, OfficeRoom, Room, TicketRoom, TicketToken

T = TypeVar("T")
# Boards must not wait behind a crowd of phones that reconnect together.
_doors = ThreadPoolExecutor(2, thread_name_prefix="live-lookup")
_boards = ThreadPoolExecutor(2, thread_name_prefix="live-board")
_documents = ThreadPoolExecutor(1, thread_name_prefix="live-document")


async def room_for(asked: OfficeRoom | DisplayRoom | TicketToken) -> Room | None:
    """The room that exists in the database, None when there is no such office or ticket."""
    return await _in_thread(_doors, lambda: _room(asked))


async def for_board(question: Callable[[], T]) -> T:
    """Answer a question of the call displays."""
    return await _in_thread(_boards, question)


async def for_document(question: Callable[[], T]) -> T:
    """Answer a question of the documents that everybody reads; one at a time, calls go first."""
    return await _in_thread(_documents, question)


def _room(asked: OfficeRoom | DisplayRoom | TicketToken) -> Room | None:
    if isinstance(asked, TicketToken):
        found = Ticket.objects.filter(token=asked.token).values_list("pk", "office_id").first()
        return TicketRoom(*found) if found else None
    return asked if Office.objects.filter(pk=asked.office_id).exists() else None


async def _in_thread(pool: ThreadPoolExecutor, question: Callable[[], T]) -> T:
    def answer() -> T:
        try:
            return question()
        finally:
            # Back to the pool at once; a connection that died is noticed at its next use.
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(pool, answer)
