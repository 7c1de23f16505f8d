import django.contrib.postgres.constraints
import django.db.models.deletion
import parvis.offices.ranges
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("offices", "0001_offices"),
    ]

    operations = [
        migrations.CreateModel(
            name="Epoch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=10, unique=True)),
                ("rules_from", models.DateField(null=True)),
                ("rules_to", models.DateField(null=True)),
                ("fees_from", models.DateField(null=True)),
                ("fees_to", models.DateField(null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Procedure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("family", models.CharField(max_length=30)),
                ("line_code", models.CharField(max_length=20)),
                ("names", models.JSONField()),
                ("short_names", models.JSONField(default=dict)),
                ("audience", models.JSONField(default=dict)),
                ("mean_minutes", models.FloatField()),
                ("sigma", models.FloatField()),
                ("presence", models.JSONField(default=dict)),
                ("takes_fingerprints", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_public", models.BooleanField(default=True)),
                ("served_until", models.DateField(null=True)),
            ],
            options={
                "ordering": ["position", "code"],
                "permissions": [("change_catalogue", "Change how people come for a procedure")],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("mean_minutes__gt", 0)), name="procedure_mean_positive"),
                    models.CheckConstraint(condition=models.Q(("sigma__gte", 0)), name="procedure_sigma_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FilingWindow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.CharField(blank=True, default="", max_length=10)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("case", models.CharField(default="default", max_length=60)),
                ("kind", models.CharField(max_length=40)),
                ("months", models.PositiveSmallIntegerField(null=True)),
                ("from_days", models.PositiveSmallIntegerField(null=True)),
                ("to_days", models.PositiveSmallIntegerField(null=True)),
                ("age", models.PositiveSmallIntegerField(null=True)),
                ("event", models.CharField(blank=True, default="", max_length=60)),
                ("consequence", models.TextField(blank=True, default="")),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="filing_windows",
                        to="procedures.procedure",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("procedure", "="),
                            ("case", "="),
                            (parvis.offices.ranges.DayRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="filing_window_one_rule_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "days_before_expiry"), _negated=True),
                            ("from_days__gte", models.F("to_days")),
                            _connector="OR",
                        ),
                        name="filing_window_days_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "last_months_before_expiry"), _negated=True),
                            ("months__isnull", False),
                            _connector="OR",
                        ),
                        name="filing_window_months_given",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.CharField(blank=True, default="", max_length=10)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("case", models.CharField(max_length=60)),
                ("component", models.CharField(max_length=40)),
                ("eur", models.PositiveSmallIntegerField(null=True)),
                ("eur_min", models.PositiveSmallIntegerField(null=True)),
                ("eur_max", models.PositiveSmallIntegerField(null=True)),
                ("due_at_filing_eur", models.PositiveSmallIntegerField(default=0)),
                ("stage", models.CharField(max_length=20)),
                ("is_verified", models.BooleanField(default=True)),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="fees", to="procedures.procedure"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("procedure", "="),
                            ("case", "="),
                            ("component", "="),
                            (parvis.offices.ranges.DayRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="fee_one_rule_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("eur__isnull", False),
                            models.Q(("eur_max__gte", models.F("eur_min")), ("eur_min__isnull", False)),
                            _connector="OR",
                        ),
                        name="fee_amount_or_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.CharField(blank=True, default="", max_length=10)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("code", models.CharField(max_length=60)),
                ("names", models.JSONField()),
                ("form", models.CharField(max_length=30)),
                ("condition", models.CharField(default="always", max_length=60)),
                ("condition_names", models.JSONField(default=dict)),
                ("stage", models.CharField(max_length=20)),
                ("group", models.CharField(blank=True, default="", max_length=30)),
                ("max_age_months", models.PositiveSmallIntegerField(null=True)),
                ("copies", models.PositiveSmallIntegerField(default=1)),
                ("is_obligatory", models.BooleanField(default=True)),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="procedures.procedure"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "default_permissions": (),
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("procedure", "="),
                            ("code", "="),
                            ("stage", "="),
                            (parvis.offices.ranges.DayRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="document_one_rule_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessMode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("walk_in", "Sans rendez-vous"),
                            ("mixed", "Avec ou sans rendez-vous"),
                            ("appointment_only", "Sur rendez-vous seulement"),
                        ],
                        max_length=20,
                    ),
                ),
                ("valid_from", models.DateField()),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="access_modes",
                        to="procedures.procedure",
                    ),
                ),
            ],
            options={
                "ordering": ["valid_from"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("procedure", "valid_from"), name="access_mode_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["walk_in", "mixed", "appointment_only"])),
                        name="access_mode_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialScope",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(max_length=20)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="special_scopes", to="offices.office"
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="special_scopes",
                        to="procedures.procedure",
                    ),
                ),
            ],
            options={
                "ordering": ["valid_from"],
                "default_permissions": (),
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("procedure", "="),
                            ("area", "="),
                            (parvis.offices.ranges.DayRange("valid_from", "valid_to"), "&&"),
                        ],
                        name="special_scope_one_office_a_day",
                    )
                ],
            },
        ),
    ]
