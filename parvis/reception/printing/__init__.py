"""Tickets on paper: what they say, the bytes a thermal printer understands, the way there.

Latin text is sent as text; Arabic, Turkish and Ukrainian are drawn, because printers' code pages cannot shape them.
A language that the font does not cover (Tamil, Chinese) is printed in French until a font is added to ``raster``.
"""

from parvis.reception.printing.jobs import carry_out, order
from parvis.reception.printing.network import PrinterFailed, send
from parvis.reception.printing.thermal import ticket_bytes

__all__ = ["PrinterFailed", "carry_out", "order", "send", "ticket_bytes"]
