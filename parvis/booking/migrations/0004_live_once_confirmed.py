from django.db import migrations

ONCE_CONFIRMED = """
CREATE OR REPLACE FUNCTION booking_is_live(state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT state = 'confirmed'
$$;
UPDATE booking_bookedprocedure SET is_live = false WHERE is_live;
"""
ALREADY_PENDING = """
CREATE OR REPLACE FUNCTION booking_is_live(state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT state IN ('pending', 'confirmed')
$$;
UPDATE booking_bookedprocedure SET is_live = true WHERE appointment_id IN (
    SELECT id FROM booking_appointment WHERE state = 'pending');
"""


class Migration(migrations.Migration):
    """A booking that awaits its code keeps its seats, and keeps the person it names from nothing.

    The way back fails while somebody has two that await their code; they end within a quarter of an hour.
    """

    dependencies = [("booking", "0003_fewer_indexes")]
    operations = [migrations.RunSQL(ONCE_CONFIRMED, ALREADY_PENDING)]
