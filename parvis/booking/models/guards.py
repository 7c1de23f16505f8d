"""What keeps the public path fair: allowances, proofs of work that were spent, contacts that were proved."""

from django.db import models
from django.db.models import Q

from parvis.booking.models.appointments import new_token


class Allowance(models.Model):
    """How often one sender has done a thing on one day. ``sender`` is a digest: no address is kept.

    Kinds: ``hold.address``, ``hold.pass``, ``hold.again``, ``hold.contact``, ``code.contact``, ``code.address``,
    ``booking.person``, ``request.address``, ``request.contact``.
    """

    kind = models.CharField(max_length=30)
    sender = models.CharField(max_length=64)
    day = models.DateField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "sender", "day"], name="allowance_one_per_sender_and_day")
        ]


class SpentChallenge(models.Model):
    """A proof of work that has served: it serves once."""

    challenge = models.CharField(max_length=128, primary_key=True)
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["expires_at"], name="spent_expires")]


class ContactCheck(models.Model):
    """A code sent to an e-mail address or a phone, to be typed back. The contact and the code are kept as digests."""

    token = models.CharField(max_length=32, unique=True, default=new_token)
    contact = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(tries__lte=5), name="contact_check_five_tries")]
        indexes = [
            models.Index(fields=["contact", "-created_at"], name="contact_check_contact"),
            models.Index(fields=["expires_at"], name="contact_check_expires"),
        ]
