"""The order to leave that goes with a refusal, and the files taken over on a day. Reversible; no table is rewritten.

The database knows what is written where nobody says: the version before goes on writing rows meanwhile.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

ORDERS = ["within_thirty_days", "other_grounds", "without_delay"]
WORDS = [
    "Obligation de quitter le territoire : recours en trente jours",
    "Obligation de quitter le territoire : recours en quinze jours",
    "Obligation de quitter le territoire sans délai : recours en 48 heures",
]


class Migration(migrations.Migration):
    dependencies = [("casefiles", "0003_worklist_of_an_office")]

    operations = [
        migrations.AddField(
            "casefile",
            "order_to_leave",
            models.CharField(
                blank=True, choices=list(zip(ORDERS, WORDS, strict=True)), default="", db_default="", max_length=24
            ),
        ),
        migrations.AddField("stockday", "imported", models.PositiveIntegerField(default=0, db_default=0)),
        AddConstraintNotValid(
            "casefile",
            models.CheckConstraint(
                condition=models.Q(order_to_leave="")
                | models.Q(order_to_leave__in=ORDERS, proposal="refuse"),
                name="case_file_order_with_a_refusal",
            ),
        ),
    ]
