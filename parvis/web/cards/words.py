"""What a delivery says, in words: why a card was set aside, what the columns of a list are."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHY: dict[str, Promise] = {
    "no_file": _("Aucun dossier trouvé"),
    "several_files": _("Plusieurs dossiers possibles"),
    "file_has_card": _("Ce dossier a déjà un titre"),
    "file_awaits_no_card": _("Ce dossier n'attend pas de titre"),
    "identity_differs": _("Le dossier est d'une autre personne"),
    "card_known": _("Titre déjà connu"),
    "line_broken": _("Ligne illisible"),
    "number_malformed": _("Numéro de titre illisible"),
}
COLUMNS: dict[str, Promise] = {
    "number": _("N° du titre"),
    "file_number": _("N° de dossier"),
    "foreign_number": _("N° étranger"),
    "name": _("Nom"),
    "given_name": _("Prénom"),
    "birth_date": _("Date de naissance"),
    "place": _("Place"),
}
# The number of these cards could not be read: what stands in its place means nothing to people.
UNREAD = frozenset({"line_broken", "number_malformed"})


def why(code: str) -> str | Promise:
    """What was wrong, in words; a code nobody named is shown as it is."""
    return WHY.get(code, code)
