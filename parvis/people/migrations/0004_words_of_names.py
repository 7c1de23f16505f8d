"""An index for the words of names: a search by name alone no longer reads every person.

Built while the office works, which is why it is outside a transaction: interrupted, drop ``person_name_words`` and run
it again. Reversible.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("common", "0001_commands"),
        ("people", "0003_passport_number"),
    ]

    operations = [
        # It waits for the transactions that are under way, however long: better late than half built.
        migrations.RunSQL("SET lock_timeout = 0", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "person", GinIndex(fields=["folded_name"], name="person_name_words", opclasses=["gin_trgm_ops"])
        ),
        migrations.RunSQL("RESET lock_timeout", migrations.RunSQL.noop),
    ]
