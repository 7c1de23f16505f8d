from django.db import migrations

FOLLOW = """
CREATE FUNCTION booking_is_live(state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT state IN ('pending', 'confirmed')
$$;
CREATE FUNCTION booking_booked_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.is_live := (SELECT booking_is_live(state) FROM booking_appointment WHERE id = NEW.appointment_id);
    RETURN NEW;
END $$;
CREATE FUNCTION booking_booked_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE booking_bookedprocedure SET is_live = booking_is_live(NEW.state) WHERE appointment_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER booking_booked_begins BEFORE INSERT OR UPDATE ON booking_bookedprocedure
    FOR EACH ROW EXECUTE FUNCTION booking_booked_begins();
CREATE TRIGGER booking_booked_follows AFTER UPDATE OF state ON booking_appointment
    FOR EACH ROW WHEN (booking_is_live(OLD.state) IS DISTINCT FROM booking_is_live(NEW.state))
    EXECUTE FUNCTION booking_booked_follows();
"""
FORGET = """
DROP TRIGGER booking_booked_follows ON booking_appointment;
DROP TRIGGER booking_booked_begins ON booking_bookedprocedure;
DROP FUNCTION booking_booked_follows();
DROP FUNCTION booking_booked_begins();
DROP FUNCTION booking_is_live(text);
"""


class Migration(migrations.Migration):
    """A person's live bookings follow the state of their appointment, whoever writes it."""

    dependencies = [("booking", "0001_initial")]
    operations = [migrations.RunSQL(FOLLOW, FORGET)]
