"""Commands already answered."""

from django.db import models


class Command(models.Model):
    """A command that may be sent twice: its key, a fingerprint of its content, and the answer given the first time."""

    key = models.CharField(max_length=100, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="command_created_at")]

    def __str__(self) -> str:
        return self.key
