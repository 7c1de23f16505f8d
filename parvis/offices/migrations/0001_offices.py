import django.contrib.postgres.constraints
import django.db.models.deletion
import parvis.offices.ranges
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('common', '0001_commands'),  # btree_gist, for the exclusions
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('prefecture', 'Préfecture'), ('sub_prefecture', 'Sous-préfecture')], max_length=20)),
                ('names', models.JSONField(default=dict)),
                ('address', models.TextField(blank=True)),
                ('phone', models.CharField(blank=True, max_length=30)),
            ],
            options={
                'permissions': [('change_opening', 'Change the opening hours and declare closures'), ('manage_agents', 'Register agents and give them roles'), ('plan_shifts', 'Plan shifts and say what each counter serves')],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30)),
                ('letter', models.CharField(max_length=1)),
                ('names', models.JSONField(default=dict)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='offices.office')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('is_active', models.BooleanField(default=True)),
                ('lines', models.ManyToManyField(related_name='counters', to='offices.line')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counters', to='offices.office')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('insee', models.CharField(max_length=5, unique=True)),
                ('name', models.CharField(max_length=80)),
                ('postcodes', models.JSONField(default=list)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='communes', to='offices.office')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('reason', models.JSONField(default=dict)),
                ('lines', models.ManyToManyField(blank=True, related_name='closures', to='offices.line')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closures', to='offices.office')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Agent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('is_active', models.BooleanField(default=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='agent', to=settings.AUTH_USER_MODEL)),
                ('lines', models.ManyToManyField(blank=True, related_name='agents', to='offices.line')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agents', to='offices.office')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='OpeningWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('valid_from', models.DateField()),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('ended_because', models.JSONField(blank=True, default=dict)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opening_windows', to='offices.line')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Shift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.CharField(choices=[('counter', 'Guichet'), ('desk', 'Accueil'), ('digital_point', 'Point numérique'), ('mail_phone', 'Courriels et téléphone'), ('back_office', 'Instruction')], max_length=20)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='offices.agent')),
                ('counter', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shifts', to='offices.counter')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.UniqueConstraint(fields=('office', 'code'), name='line_code_once'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.UniqueConstraint(fields=('office', 'letter'), name='line_letter_once'),
        ),
        migrations.AddConstraint(
            model_name='line',
            constraint=models.CheckConstraint(condition=models.Q(('letter__regex', '^[A-Z]$')), name='line_letter_is_a_capital'),
        ),
        migrations.AddConstraint(
            model_name='counter',
            constraint=models.UniqueConstraint(fields=('office', 'number'), name='counter_number_once'),
        ),
        migrations.AddIndex(
            model_name='closure',
            index=models.Index(fields=['office', 'day'], name='closure_office_day'),
        ),
        migrations.AddIndex(
            model_name='openingwindow',
            index=models.Index(fields=['line', 'weekday', 'valid_from'], name='opening_line_weekday'),
        ),
        migrations.AddConstraint(
            model_name='openingwindow',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__range', (1, 7))), name='opening_weekday_exists'),
        ),
        migrations.AddConstraint(
            model_name='openingwindow',
            constraint=models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='opening_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='openingwindow',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('line'), '='), (models.F('weekday'), '='), (parvis.offices.ranges.DayRange('valid_from', 'valid_to'), '&&'), (parvis.offices.ranges.HourRange('opens', 'closes'), '&&')], name='opening_windows_apart'),
        ),
        migrations.AddIndex(
            model_name='shift',
            index=models.Index(fields=['starts_at', 'ends_at'], name='shift_time'),
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='shift_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('agent'), '='), (parvis.offices.ranges.InstantRange('starts_at', 'ends_at'), '&&')], name='shift_agent_in_one_place'),
        ),
        migrations.AddConstraint(
            model_name='shift',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('counter__isnull', False)), expressions=[(models.F('counter'), '='), (parvis.offices.ranges.InstantRange('starts_at', 'ends_at'), '&&')], name='shift_counter_for_one_agent'),
        ),
    ]
