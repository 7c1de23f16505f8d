"""The incomplete files whose documents did not come in time, found without reading the others.

Outside a transaction, for the office works meanwhile: interrupted, drop ``case_file_not_brought`` and run it again.
Reversible.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("casefiles", "0006_receipts_alone")]

    operations = [
        # It waits for the transactions that are under way, however long: better late than half built.
        migrations.RunSQL("SET lock_timeout = 0", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "casefile",
            models.Index(
                condition=models.Q(state="incomplete"),
                fields=["office", "missing_by", "id"],
                name="case_file_not_brought",
            ),
        ),
        migrations.RunSQL("RESET lock_timeout", migrations.RunSQL.noop),
    ]
