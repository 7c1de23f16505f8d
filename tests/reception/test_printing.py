"""A ticket on paper: what it says, in which script, and how often it comes out."""

import struct

import pytest
import segno
from django.db import transaction
from PIL import Image, ImageFont
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from parvis.journal.actions import KIOSK
from parvis.journal.models import Entry
from parvis.offices.models import Office
from parvis.reception import actions, printing, tasks
from parvis.reception.models import QueuePolicy, Ticket
from parvis.reception.printing import network
from parvis.reception.states import LeaveReason
from tests.reception.house import House
from tests.reception.sink import free_port, printer

BASE = "https://accueil.exemple.fr"


def _bytes(ticket: Ticket) -> bytes:
    return printing.ticket_bytes(ticket, base_url=BASE)


def _printer_of(office: Office, port: int) -> None:
    QueuePolicy.objects.update_or_create(office=office, defaults={"printer_host": "127.0.0.1", "printer_port": port})


def _facts(ticket: Ticket) -> list[str]:
    what = Entry.objects.about(ticket).values_list("what", flat=True)
    return [name for name in what if name.startswith("ticket.print")]


def test_a_french_ticket_says_what_it_must_and_no_name(house: House) -> None:
    ticket = house.ticket("renewal", holder_name="Exemple Témoin")
    sent = _bytes(ticket)
    assert sent.startswith(b"\x1b@"), "the printer forgets what came before"
    assert b"\x1d!\x55" in sent, "the number is six times as large"
    assert str(ticket).encode() in sent
    assert b"renewal" in sent
    assert b"11/12/2017 10:00" in sent
    assert sent.rstrip().endswith(b"\x1dV\x01") or b"\x1dV" in sent[-6:], "the paper is cut"
    assert b"Exemple" not in sent


def test_the_code_of_a_latin_ticket_opens_its_page(house: House) -> None:
    ticket = house.ticket("renewal")
    address = f"{BASE}/t/{ticket.token}/".encode()
    # GS ( k: store the data (function 80), then print them (function 81).
    stored = b"\x1d(k" + struct.pack("<H", len(address) + 3) + b"1P0" + address
    assert stored in _bytes(ticket)
    assert b"\x1d(k\x03\x001Q0" in _bytes(ticket)


def test_accents_are_printed_in_a_code_page_that_has_them(house: House) -> None:
    house.office.names = {"fr": "Préfecture de l'Exemple, œuvres €"}
    house.office.save()
    assert "Pr\x82fecture".encode("latin-1") in _bytes(house.ticket("renewal"))


def test_the_expected_wait_is_a_range_in_steps_of_five_minutes(house: House) -> None:
    ticket = house.ticket("renewal")
    ticket.told_low, ticket.told_high = 21 * 60, 94 * 60
    assert b"entre 20 min et 1 h 35" in _bytes(ticket)
    ticket.told_low, ticket.told_high = 10, 20
    assert b"moins de 5 min" in _bytes(ticket)
    ticket.told_low = ticket.told_high = None
    assert b"Attente : voyez les " in _bytes(ticket)


def test_an_unknown_language_is_printed_in_french(house: House) -> None:
    ticket = house.ticket("renewal")
    ticket.language = "xx"
    assert "Votre numéro".encode("cp437") in _bytes(ticket)


def test_an_arabic_ticket_is_drawn_and_its_code_can_be_read(house: House) -> None:
    ticket = house.ticket("renewal", language="ar")
    sheet = _drawn(_bytes(ticket))
    assert sheet.width == 512
    dots = [list(row) for row in segno.make(f"{BASE}/t/{ticket.token}/", error="m", micro=False).matrix_iter(border=4)]
    scale = min(512 * 6 // 10 // len(dots), 8)
    size = len(dots) * scale
    left = (512 - size) // 2
    found = any(_code_at(sheet, left, top, dots, scale) for top in range(sheet.height - size))
    assert found, "the QR code of the ticket's page is on the paper, dot for dot"


def test_arabic_letters_are_joined_and_run_from_right_to_left(house: House) -> None:
    assert printing.thermal.raster.can_draw("ar")
    joined = printing.thermal.raster._text(_line("سلام"), "ar")
    apart = printing.thermal.raster._text(_line("س ل ا م".replace(" ", "\u200c")), "ar")
    assert _black_columns(joined) < _black_columns(apart)


@pytest.mark.parametrize("language", ["ta", "zh-hans", "uk", "tr"])
def test_a_ticket_is_drawn_in_the_letters_of_its_language(house: House, language: str) -> None:
    assert printing.thermal.raster.can_draw(language)
    ticket = house.ticket("renewal", language=language)
    assert "Votre numéro".encode("cp437") not in _bytes(ticket)
    assert _drawn(_bytes(ticket)).width == 512


@pytest.mark.parametrize(
    ("language", "letters"), [("ta", "நமது"), ("zh-hans", "窗口号码"), ("uk", "їєґщ"), ("ar", "سلام")]
)
def test_the_font_of_a_language_has_its_letters(language: str, letters: str) -> None:
    raster = printing.thermal.raster
    font = ImageFont.truetype(str(raster.FONTS[language]), 60)
    unknown = bytes(font.getmask("\uffff"))
    assert [letter for letter in letters if bytes(font.getmask(letter)) == unknown] == []
    assert len({bytes(font.getmask(letter)) for letter in letters}) == len(letters)


def test_a_long_chinese_line_is_cut_between_characters() -> None:
    raster = printing.thermal.raster
    line = raster._Line("此号票（ticket de passage）仅供您本人今天使用" * 3, 30)
    parts = raster._wrapped(line, "zh-hans")
    assert len(parts) > 1
    assert "".join(part.text for part in parts) == line.text
    assert max(raster._font(part, "zh-hans").getlength(part.text) for part in parts) <= raster.WIDTH


def _line(text: str) -> object:
    return printing.thermal.raster._Line(text, 60)


def _black_columns(image: Image.Image) -> int:
    return sum(any(image.getpixel((x, y)) == 0 for y in range(image.height)) for x in range(image.width))


def _drawn(sent: bytes) -> Image.Image:
    """What a printer would draw from the raster commands (GS v 0) among these bytes."""
    strips, at = [], 0
    while (at := sent.find(b"\x1dv0\x00", at)) >= 0:
        across, down = struct.unpack("<HH", sent[at + 4 : at + 8])
        data = sent[at + 8 : at + 8 + across * down]
        strips.append(Image.frombytes("1", (across * 8, down), bytes(byte ^ 0xFF for byte in data)))
        at += 8 + across * down
    sheet = Image.new("1", (strips[0].width, sum(strip.height for strip in strips)))
    top = 0
    for strip in strips:
        sheet.paste(strip, (0, top))
        top += strip.height
    return sheet


def _code_at(sheet: Image.Image, left: int, top: int, dots: list[list[int]], scale: int) -> bool:
    return all(
        (sheet.getpixel((left + x * scale, top + y * scale)) == 0) == bool(dark)
        for y, row in enumerate(dots)
        for x, dark in enumerate(row)
    )


def test_an_office_without_a_printer_orders_nothing(house: House) -> None:
    assert not printing.order(house.ticket("renewal"), by=KIOSK)
    assert not ProcrastinateJob.objects.exists()


def test_the_job_stands_or_falls_with_the_transaction(house: House) -> None:
    ticket = house.ticket("renewal")
    _printer_of(house.office, 9)
    before = ProcrastinateJob.objects.count()
    with transaction.atomic():
        printing.order(ticket, by=KIOSK)
        transaction.set_rollback(True)
    assert ProcrastinateJob.objects.count() == before
    printing.order(ticket, by=KIOSK)
    assert ProcrastinateJob.objects.count() == before + 1


def test_a_form_sent_twice_orders_one_paper_and_a_reprint_another(house: House) -> None:
    ticket = house.ticket("renewal")
    _printer_of(house.office, 9)
    assert printing.order(ticket, by=KIOSK, key="formulaire-1")
    assert printing.order(ticket, by=KIOSK, key="formulaire-1")
    assert ProcrastinateJob.objects.count() == 1
    assert printing.order(ticket, by=KIOSK)
    assert ProcrastinateJob.objects.count() == 2


def test_the_paper_comes_out_and_is_journaled(house: House) -> None:
    ticket = house.ticket("renewal")
    with printer() as sink:
        _printer_of(house.office, sink.port)
        assert tasks.print_ticket(ticket_id=ticket.pk, order="a")
        assert sink.received.wait(5)
    assert len(sink.papers) == 1
    assert str(ticket).encode() in sink.papers[0]
    assert _facts(ticket) == ["ticket.print_begun", "ticket.printed"]


def test_the_same_job_run_again_prints_nothing(house: House) -> None:
    ticket = house.ticket("renewal")
    with printer() as sink:
        _printer_of(house.office, sink.port)
        assert tasks.print_ticket(ticket_id=ticket.pk, order="a")
        assert not tasks.print_ticket(ticket_id=ticket.pk, order="a")
        assert tasks.print_ticket(ticket_id=ticket.pk, order="b"), "another order is another paper"
    assert len(sink.papers) == 2


def test_a_printer_that_is_off_loses_nothing(house: House) -> None:
    ticket = house.ticket("renewal")
    port = free_port()
    _printer_of(house.office, port)
    for _ in range(4):
        with pytest.raises(printing.PrinterFailed) as failed:
            tasks.print_ticket(ticket_id=ticket.pk, order="a")
        assert not failed.value.may_have_printed
    with printer(port=port) as sink:
        assert tasks.print_ticket(ticket_id=ticket.pk, order="a")
        assert sink.received.wait(5)
    assert len(sink.papers) == 1


def test_a_printer_cut_off_in_the_middle_is_tried_once_more(house: House) -> None:
    ticket = house.ticket("renewal", language="ar")
    with printer(cuts_after=300) as sink:
        _printer_of(house.office, sink.port)
        for _ in range(2):
            with pytest.raises(printing.PrinterFailed) as failed:
                tasks.print_ticket(ticket_id=ticket.pk, order="a")
            assert failed.value.may_have_printed
        assert not tasks.print_ticket(ticket_id=ticket.pk, order="a"), "at most one paper too many"
    facts = Entry.objects.about(ticket).named("ticket.print_failed")
    assert [entry.facts["may_have_printed"] for entry in facts] == [True, True]


def test_a_worker_killed_before_its_trace_gives_one_paper_too_many_at_most(house: House) -> None:
    ticket = house.ticket("renewal")
    with printer() as sink:
        _printer_of(house.office, sink.port)
        # A worker that dies after the sending leaves this trace alone.
        assert printing.jobs.begin(ticket, order="a")
        assert tasks.print_ticket(ticket_id=ticket.pk, order="a")
        assert not tasks.print_ticket(ticket_id=ticket.pk, order="a")
    assert len(sink.papers) == 1


def test_a_printer_too_slow_does_not_hold_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "SEND_PATIENCE", 0.3)
    import socket

    with socket.create_server(("127.0.0.1", 0)) as door, pytest.raises(printing.PrinterFailed) as failed:
        printing.send("127.0.0.1", door.getsockname()[1], b"x" * 20_000_000)
    assert failed.value.may_have_printed


def test_nothing_is_printed_for_a_ticket_that_is_over(house: House) -> None:
    ticket = house.ticket("renewal")
    actions.leave(ticket, reason=LeaveReason.TOLD_US, by=KIOSK)
    with printer() as sink:
        _printer_of(house.office, sink.port)
        assert not tasks.print_ticket(ticket_id=ticket.pk, order="a")
    assert sink.papers == []


@pytest.mark.django_db(transaction=True)
def test_the_worker_prints_what_was_ordered(transactional_db: None, house: House) -> None:
    ticket = house.ticket("renewal")
    with printer() as sink:
        _printer_of(house.office, sink.port)
        printing.order(ticket, by=KIOSK)
        assert sink.papers == [], "nothing leaves before the commit"
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
        assert sink.received.wait(5)
    assert str(ticket).encode() in sink.papers[0]
