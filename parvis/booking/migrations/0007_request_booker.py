from django.db import migrations, models

WHO = ["self", "relative", "association", "helper"]
WORDS = ["La personne elle-même", "Un proche", "Une association", "Un agent ou un médiateur"]


class Migration(migrations.Migration):
    """A request keeps who made it for somebody else. The columns have their defaults in the database: no row is
    rewritten, and a worker of the version before goes on writing requests meanwhile.
    """

    dependencies = [("booking", "0006_offer_seats")]
    operations = [
        migrations.AddField(
            "seatrequest",
            "booked_by",
            models.CharField(
                choices=list(zip(WHO, WORDS, strict=True)), default="self", db_default="self", max_length=20
            ),
        ),
        migrations.AddField(
            "seatrequest", "booker_name", models.CharField(blank=True, default="", db_default="", max_length=120)
        ),
        migrations.AddField(
            "seatrequest", "booker_email", models.EmailField(blank=True, default="", db_default="", max_length=254)
        ),
    ]
