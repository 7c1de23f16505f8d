from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    """The table of the cache that all workers share; nothing in it needs to survive."""
    call_command("createcachetable", "common_cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("common", "0001_commands")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
