"""Sheets of paper as PDF/UA-1: how they are set, and the letter that stands for a message."""

from parvis.messages.papers.letter import letter_pdf
from parvis.messages.papers.typesetting import Item, Link, Section, Sheet, pdf

__all__ = ["Item", "Link", "Section", "Sheet", "letter_pdf", "pdf"]
