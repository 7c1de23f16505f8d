from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("foreign_number", models.CharField(blank=True, default="", max_length=10)),
                ("family_name", models.CharField(max_length=120)),
                ("given_name", models.CharField(blank=True, default="", max_length=120)),
                ("folded_name", models.CharField(blank=True, default="", max_length=1000)),
                ("birth_date", models.DateField(blank=True, null=True)),
                ("language", models.CharField(default="fr", max_length=8)),
                ("phone", models.CharField(blank=True, default="", max_length=20)),
                ("email", models.EmailField(blank=True, default="", max_length=254)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "permissions": [
                    ("view_person", "Search and see persons"),
                    ("change_person", "Register and correct persons"),
                    ("export_person", "Export all data about a person"),
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["folded_name"], name="person_folded_name", opclasses=["varchar_pattern_ops"]),
                    models.Index(fields=["birth_date"], name="person_birth_date"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("foreign_number", ""), _negated=True),
                        fields=("foreign_number",),
                        name="person_foreign_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("foreign_number__regex", "^([0-9]{9,10})?$")),
                        name="person_foreign_number_digits",
                    ),
                    models.CheckConstraint(condition=models.Q(("family_name", ""), _negated=True), name="person_named"),
                ],
            },
        ),
    ]
