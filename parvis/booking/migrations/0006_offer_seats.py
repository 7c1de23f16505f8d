import django.contrib.postgres.fields
from django.db import migrations, models

# Each slot that an open offer needs after its first one has as many proposed seats without an offer of their own as
# offers that need one: they are paired in order.
OF_OPEN_OFFERS = """
WITH needed AS (
    SELECT offer.id AS offer_id, slot.plan_id,
        slot.starts_at + step * slot.minutes * interval '1 minute' AS starts_at,
        row_number() OVER (PARTITION BY slot.plan_id, slot.starts_at + step * slot.minutes * interval '1 minute'
            ORDER BY offer.id) AS turn
    FROM booking_offer AS offer
    JOIN booking_seat AS seat ON seat.id = offer.seat_id
    JOIN booking_slot AS slot ON slot.id = seat.slot_id
    JOIN booking_seatrequest AS request ON request.id = offer.request_id
    JOIN procedures_procedure AS procedure ON procedure.id = request.procedure_id
    CROSS JOIN LATERAL generate_series(1,
        ceil(round((procedure.mean_minutes / slot.minutes)::numeric, 6))::int - 1) AS step
    WHERE offer.state = 'open'
), spare AS (
    SELECT seat.id, slot.plan_id, slot.starts_at,
        row_number() OVER (PARTITION BY slot.plan_id, slot.starts_at ORDER BY seat.id) AS turn
    FROM booking_seat AS seat
    JOIN booking_slot AS slot ON slot.id = seat.slot_id
    WHERE seat.state = 'offered' AND NOT EXISTS (
        SELECT FROM booking_offer AS offer WHERE offer.seat_id = seat.id AND offer.state = 'open')
)
UPDATE booking_offer AS offer SET seats = offer.seat_id || ARRAY(
    SELECT spare.id FROM needed JOIN spare USING (plan_id, starts_at, turn)
    WHERE needed.offer_id = offer.id ORDER BY spare.starts_at)
WHERE offer.state = 'open'
"""


class Migration(migrations.Migration):
    """An offer names every seat of its visit; those that await an answer are given theirs."""

    dependencies = [("booking", "0005_share_order")]
    operations = [
        migrations.AddField(
            model_name="offer",
            name="seats",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, db_default=[], size=None
            ),
        ),
        migrations.RunSQL(OF_OPEN_OFFERS, migrations.RunSQL.noop),
    ]
