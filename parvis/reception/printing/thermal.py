"""A ticket as ESC/POS commands."""

from escpos.constants import QR_ECLEVEL_M
from escpos.printer import Dummy

from parvis.reception.models import Ticket
from parvis.reception.printing import raster
from parvis.reception.printing.paper import Paper, paper

NUMBER_SIZE = 6  # times the printer's letters: about 18 mm high


def ticket_bytes(ticket: Ticket, *, base_url: str) -> bytes:
    """Everything a thermal printer needs to print this ticket, from its reset to the cut."""
    content = paper(ticket, base_url=base_url)
    printer = Dummy()
    printer.hw("INIT")
    if raster.is_latin(content.language):
        _write(printer, content)
    else:
        # In strips: cheap printers hold few lines of dots at a time.
        printer.image(raster.draw(content), impl="bitImageRaster", fragment_height=256)
    printer.cut(mode="PART")
    return bytes(printer.output)


def _write(printer: Dummy, content: Paper) -> None:
    printer.set(align="center", normal_textsize=True)
    printer.block_text(content.office, columns=40)
    printer.text(f"\n\n{content.number_label}\n")
    printer.set(align="center", bold=True, custom_size=True, width=NUMBER_SIZE, height=NUMBER_SIZE)
    printer.text(f"{content.number}\n")
    printer.set(align="center", bold=True, normal_textsize=True)
    for procedure in content.procedures:
        printer.block_text(procedure, columns=40)
        printer.text("\n")
    printer.set(align="center", bold=False)
    if content.appointment:
        printer.text(f"{content.appointment}\n")
    printer.text(f"{content.wait}\n\n")
    printer.qr(content.address, native=True, size=6, ec=QR_ECLEVEL_M)
    printer.text(f"\n{content.follow}\n{content.printed}\n")
    printer.block_text(content.personal, columns=40)
    printer.text("\n")
