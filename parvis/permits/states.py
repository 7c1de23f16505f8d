"""The life of a card, so far: it arrives, it is handed over."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    IN_STOCK = "in_stock", _("En stock")
    HANDED_OVER = "handed_over", _("Remis")


MOVES: dict[str, frozenset[str]] = {
    State.IN_STOCK: frozenset({State.HANDED_OVER}),
    State.HANDED_OVER: frozenset(),
}
