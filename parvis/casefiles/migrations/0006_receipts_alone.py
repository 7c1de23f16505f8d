"""The papers given at the counter are receipts; one that only certifies a deposit was never printed. Words only."""

from django.db import migrations, models

KINDS = [("recepisse", "Récépissé"), ("provisional", "Récépissé provisoire (commission)")]


class Migration(migrations.Migration):
    dependencies = [("casefiles", "0005_cards_awaited")]

    operations = [
        migrations.AlterField(
            "receipt", "kind", models.CharField(choices=KINDS, default="recepisse", max_length=20)
        ),
    ]
