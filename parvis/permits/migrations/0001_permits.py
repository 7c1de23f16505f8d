import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("offices", "0001_offices"),
        ("people", "0001_persons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Permit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=40)),
                ("place", models.CharField(blank=True, default="", max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[("in_stock", "En stock"), ("handed_over", "Remis")], default="in_stock", max_length=20
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="permits", to="offices.office"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="permits", to="people.person"
                    ),
                ),
            ],
            options={
                "permissions": [
                    ("receive_permit", "Receive permits into stock"),
                    ("hand_over_permit", "Hand over a permit"),
                ],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ticket_number", models.CharField(blank=True, default="", max_length=20)),
                ("agent_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "permit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="handover", to="permits.permit"
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="permit",
            index=models.Index(
                condition=models.Q(("state", "in_stock")), fields=["office", "place"], name="permit_stock"
            ),
        ),
        migrations.AddConstraint(
            model_name="permit",
            constraint=models.UniqueConstraint(fields=("number",), name="permit_number"),
        ),
        migrations.AddConstraint(
            model_name="permit",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["in_stock", "handed_over"])), name="permit_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="permit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handed_over_at__isnull", False), ("state", "handed_over")),
                    models.Q(models.Q(("state", "handed_over"), _negated=True), ("handed_over_at__isnull", True)),
                    _connector="OR",
                ),
                name="permit_handed_over_at_with_state",
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["at"], name="handover_at"),
        ),
    ]
