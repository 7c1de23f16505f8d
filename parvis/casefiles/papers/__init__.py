"""What the person takes home, as PDF/UA-1."""

from parvis.casefiles.papers.receipt import receipt_pdf
from parvis.casefiles.papers.slip import slip_pdf

__all__ = ["receipt_pdf", "slip_pdf"]
