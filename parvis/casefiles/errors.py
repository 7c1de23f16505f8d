"""What can go wrong with a case file."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from parvis.common.errors import BusinessError

if TYPE_CHECKING:
    from parvis.casefiles.models import CaseFile


class FileAlreadyOpen(BusinessError):
    """The person has an open file for this procedure, by whatever channel (constraint ``case_file_one_open``).

    ``file`` is the one that is open.
    """

    code = "case_file_already_open"
    file: "CaseFile | None" = None
    message = _("Un dossier est déjà ouvert pour cette personne et cette démarche.")


class FileChanged(BusinessError):
    """The file moved since the agent read it; ``state`` says to where."""

    code = "case_file_changed"
    message = _("Ce dossier a changé entre-temps : il est maintenant « %(state)s ». Relisez-le avant de décider.")


class NotYourFile(BusinessError):
    """Somebody else works on it: take it over first."""

    code = "not_your_file"
    message = _("Ce dossier est entre les mains de %(officer)s. Reprenez-le d'abord.")


class TooLateToCorrect(BusinessError):
    """The amount of the stamp was announced, or nothing is made any more: what the file says of it holds."""

    code = "too_late_to_correct"
    message = _("Le titre est annoncé ou le dossier est terminé : le tarif, le cas et la date ne se corrigent plus.")


class RefusalUnread(BusinessError):
    """A refusal among several files to sign: its grounds are read before it is signed."""

    code = "refusal_unread"
    message = _("Un refus se lit et se signe sur la page du dossier.")


class FileIncomplete(BusinessError):
    """Documents are missing: no receipt, no review."""

    code = "case_file_incomplete"
    message = _("Il manque des pièces : le dossier n'est pas complet.")


class NothingMissing(BusinessError):
    """A slip was asked though every document was seen."""

    code = "nothing_missing"
    message = _("Toutes les pièces sont là : il n'y a rien à réclamer.")
    status = 422


class UnknownDocument(BusinessError):
    """The list of this procedure has no such document."""

    code = "unknown_document"
    message = _("Cette pièce n'est pas dans la liste de la démarche.")
    status = 422


class ReasonMissing(BusinessError):
    """A reason is part of the act."""

    code = "reason_missing"
    message = _("Indiquez le motif.")
    status = 422


class DateImpossible(BusinessError):
    """A date before the file, in the past where a coming one is asked, or beyond the calendar of the office."""

    code = "date_impossible"
    message = _("Cette date n'est pas possible ici.")
    status = 422


class CommitteeTooSoon(BusinessError):
    """The person is summoned in writing at least fifteen days ahead (R312-7, L312-2; source C17)."""

    code = "committee_too_soon"
    message = _("La personne est convoquée au moins quinze jours à l'avance : choisissez une date plus tardive.")
    status = 422


class CommitteeFirst(BusinessError):
    """The committee is heard before this refusal (L312-2; source C17)."""

    code = "committee_first"
    message = _("La commission du titre de séjour doit être consultée avant ce refus.")


class SameAgent(BusinessError):
    """Two agents on each file (constraint ``case_file_two_agents``; source DR:42)."""

    code = "same_agent"
    message = _("Celui qui propose ne signe pas : un autre agent doit signer.")


class NoReceiptFor(BusinessError):
    """The law gives no receipt here: before the file is complete, after the decision, or for this procedure."""

    code = "no_receipt"
    message = _("Aucun récépissé ne peut être remis pour ce dossier.")


class WorkUnsaid(BusinessError):
    """The right to work depends on a permit that only the agent has read, and nobody said what it lets."""

    code = "work_unsaid"
    message = _("Dites si le récépissé autorise à travailler : cela dépend du titre demandé ou détenu.")
    status = 422


class ReceiptTooEarly(BusinessError):
    """The receipt in hand still runs for long."""

    code = "receipt_too_early"
    message = _("Le récépissé en cours est valable jusqu'au %(until)s : il sera renouvelé à partir du %(opens)s.")


class QuestionOver(BusinessError):
    """The link to send documents has served, or its day has passed."""

    code = "question_over"
    message = _("Ce lien ne sert plus : la réponse a été reçue ou le délai est passé.")
    status = 410


class SendingTooLarge(BusinessError):
    """A document of more than ten megabytes."""

    code = "sending_too_large"
    message = _("Ce fichier dépasse 10 Mo. Envoyez une photo plus légère ou un PDF plus court.")
    status = 413


class SendingOfWrongKind(BusinessError):
    """Neither PDF, JPEG nor PNG, whatever its name says."""

    code = "sending_of_wrong_kind"
    message = _("Ce fichier n'est ni un PDF, ni une photo JPEG ou PNG.")
    status = 415


class TooManySendings(BusinessError):
    """A question takes twenty documents at most."""

    code = "too_many_sendings"
    message = _("Vingt fichiers au plus par réponse.")


class MappingImpossible(BusinessError):
    """The columns of a file to import do not say what they must."""

    code = "mapping_impossible"
    message = _("Il manque une colonne : %(columns)s.")
    status = 422


class NothingToImport(BusinessError):
    """The file of a former register is empty, or its first line holds no headings."""

    code = "nothing_to_import"
    message = _("Ce fichier est vide, ou sa première ligne ne nomme pas les colonnes.")
    status = 422


class OtherFile(BusinessError):
    """These are not the bytes that were checked: the dry run says nothing about them."""

    code = "other_file"
    message = _("Ce fichier n'est pas celui qui a été vérifié. Vérifiez-le d'abord.")
