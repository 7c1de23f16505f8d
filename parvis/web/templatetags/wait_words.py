"""A wait, in the words of ``parvis.web.words``."""

from django import template

from parvis.reception.rules import WaitRange
from parvis.web import words

register = template.Library()


@register.filter
def in_words(wait: WaitRange | None) -> str:
    """The range of a wait; empty when nothing can be said."""
    return words.wait_in_words(wait)


@register.filter
def people_ahead(position: int) -> str:
    """How many people come before, from the rank in the line."""
    return words.people_ahead_in_words(position)
