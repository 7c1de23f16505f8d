from django.db import migrations, models

# How late one may come to an appointment is a rule of booking alone. Backwards, the queue takes that one over: with
# two of them the smaller held.
TAKE_OVER = """
UPDATE reception_queuepolicy AS queue SET late_tolerance = least(booking.late_minutes, 120)
FROM booking_bookingpolicy AS booking WHERE booking.office_id = queue.office_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0001_initial'),
        ('reception', '0005_step_case_file'),
    ]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, TAKE_OVER),
        migrations.RemoveField(model_name='queuepolicy', name='late_tolerance'),
    ]
