"""Why a line of a former register is not taken."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rejection(models.TextChoices):
    """What was wrong with a line; the first thing found is told."""

    LINE_TOO_LONG = "line_too_long", _("Ligne trop longue")
    ENCODING = "encoding", _("Caractères illisibles")
    CONTROL_CHARACTER = "control_character", _("Caractère interdit dans la ligne")
    QUOTES = "quotes", _("Guillemets mal fermés")
    COLUMNS = "columns", _("Nombre de colonnes différent de l'en-tête")
    NUMBER_MISSING = "number_missing", _("Numéro d'origine absent")
    NUMBER_TOO_LONG = "number_too_long", _("Numéro d'origine de plus de 40 signes")
    TWICE_IN_FILE = "twice_in_file", _("Numéro d'origine déjà présent plus haut")
    PROCEDURE_UNKNOWN = "procedure_unknown", _("Démarche inconnue")
    STATE_UNKNOWN = "state_unknown", _("État inconnu")
    STATE_NOT_TAKEN = "state_not_taken", _("État que la reprise ne prend pas")
    NAME_MISSING = "name_missing", _("Nom absent")
    DATE_MALFORMED = "date_malformed", _("Date illisible")
    DATES_IMPOSSIBLE = "dates_impossible", _("Dates impossibles ou dans le désordre")
    COMPLETE_ON_MISSING = "complete_on_missing", _("En instruction, mais sans date de dossier complet")
    DECIDED_ON_MISSING = "decided_on_missing", _("Titre en fabrication, mais sans date de décision")
    BIRTH_DATE_IMPOSSIBLE = "birth_date_impossible", _("Date de naissance impossible")
    FOREIGN_NUMBER_MALFORMED = "foreign_number_malformed", _("Numéro étranger mal formé")
    PASSPORT_MALFORMED = "passport_number_malformed", _("Numéro de passeport mal formé")
    PHONE_MALFORMED = "phone_malformed", _("Téléphone mal formé")
    EMAIL_MALFORMED = "email_malformed", _("Adresse électronique mal formée")
    PERSON_DIFFERS = "person_differs", _("Ce numéro étranger est celui d'une autre personne")
    FILE_ALREADY_OPEN = "case_file_already_open", _("Un autre dossier est ouvert pour cette personne et cette démarche")


# Neither rejected nor taken: the file is here already.
KNOWN = "known"
