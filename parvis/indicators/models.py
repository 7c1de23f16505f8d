"""The figures are measured from the journal and stored nowhere: this package has permissions and no table."""

from django.db import models


class Figures(models.Model):
    """What a role may see; no row is ever written."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [
            ("view_figures", "See the figures of the office"),
            ("view_public_figures", "See the figures that may be published"),
        ]
