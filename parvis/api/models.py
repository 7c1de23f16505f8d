"""Partners whose programs book for people."""

from django.db import models
from django.db.models import Q

from parvis.booking.states import Channel


class Client(models.Model):
    """A partner's program. Its key is shown once, when it is made; only a digest is kept.

    ``channel`` is whose seats it may take. ``ended_at``: the key opens nothing from then on.
    """

    name = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.WEB)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(channel__in=Channel.values), name="client_channel_known")]

    def __str__(self) -> str:
        return self.name
