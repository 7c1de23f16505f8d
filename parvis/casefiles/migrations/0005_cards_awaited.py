"""The files that await a card, found without reading the others; the rule of the orders holds for every row.

Outside a transaction, for the office works meanwhile: interrupted, drop ``case_file_awaiting_card`` and run it again.
Reversible.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("casefiles", "0004_order_to_leave")]

    operations = [
        ValidateConstraint("casefile", "case_file_order_with_a_refusal"),
        # It waits for the transactions that are under way, however long: better late than half built.
        migrations.RunSQL("SET lock_timeout = 0", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "casefile",
            models.Index(
                condition=models.Q(state__in=["granted", "in_production"]),
                fields=["office", "deposited_on"],
                name="case_file_awaiting_card",
            ),
        ),
        migrations.RunSQL("RESET lock_timeout", migrations.RunSQL.noop),
    ]
