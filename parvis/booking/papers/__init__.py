"""What people carry: the confirmation, the checklist, letters, the certificate, the entry of their calendar."""

from parvis.booking.papers.certificate import certificate_pdf
from parvis.booking.papers.checklist import checklist_pdf
from parvis.booking.papers.confirmation import confirmation_pdf
from parvis.booking.papers.entries import calendar
from parvis.messages.papers.letter import letter_pdf

__all__ = ["calendar", "certificate_pdf", "checklist_pdf", "confirmation_pdf", "letter_pdf"]
