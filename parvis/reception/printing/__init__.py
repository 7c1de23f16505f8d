"""Tickets on paper: what they say, the bytes a thermal printer understands, the way there.

Latin text is sent as text; Arabic, Turkish, Ukrainian, Chinese and Tamil are drawn with the fonts of ``raster``,
because printers' code pages lack their letters. A language that cannot be drawn is printed in French: one without a
font there, and Arabic or Tamil on a machine without the library that joins their letters.
"""

from parvis.reception.printing.jobs import carry_out, order
from parvis.reception.printing.network import PrinterFailed, send
from parvis.reception.printing.thermal import ticket_bytes

__all__ = ["PrinterFailed", "carry_out", "order", "send", "ticket_bytes"]
