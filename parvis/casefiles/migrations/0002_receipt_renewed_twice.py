from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casefiles", "0001_case_files"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(condition=models.Q(("rank", 3)), fields=["office"], name="receipt_renewed_twice"),
        ),
    ]
