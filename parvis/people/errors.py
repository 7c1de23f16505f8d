"""What can go wrong with what a person is asked. ``field`` names the field of the form that is at fault."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError


class FieldRefused(BusinessError):
    """One field cannot be kept as it was typed."""

    code = "field_refused"
    status = 422
    field: ClassVar[str] = ""


class NameMissing(FieldRefused):
    """A family name needs one letter at least, in any script."""

    code = "name_missing"
    message = _("Indiquez le nom de famille, avec au moins une lettre.")
    field = "family_name"


class ForeignNumberMalformed(FieldRefused):
    """The number of the national file is made of 9 or 10 digits."""

    code = "foreign_number_malformed"
    message = _("Le numéro étranger est fait de 9 ou 10 chiffres. Il figure sur le titre de séjour ou le récépissé.")
    field = "foreign_number"


class ForeignNumberTaken(FieldRefused):
    """Another person is known under this number (constraint ``person_foreign_number``)."""

    code = "foreign_number_taken"
    message = _("Une personne est déjà connue sous ce numéro étranger.")
    status = 409
    field = "foreign_number"


class PassportNumberMalformed(FieldRefused):
    """A passport number has 5 to 20 letters and digits."""

    code = "passport_number_malformed"
    message = _("Le numéro de passeport a entre 5 et 20 lettres et chiffres.")
    field = "passport_number"


class BirthDateImpossible(FieldRefused):
    """Born in the future, or more than 130 years ago."""

    code = "birth_date_impossible"
    message = _("Cette date de naissance n'est pas possible.")
    field = "birth_date"


class PhoneMalformed(FieldRefused):
    """A telephone number has 6 to 15 digits, after a + or not."""

    code = "phone_malformed"
    message = _("Ce numéro de téléphone n'est pas complet. Exemple : 06 12 34 56 78 ou +33 6 12 34 56 78.")
    field = "phone"


class EmailMalformed(FieldRefused):
    """Not an e-mail address."""

    code = "email_malformed"
    message = _("Cette adresse électronique n'est pas complète. Exemple : nom@exemple.fr.")
    field = "email"
