"""Every kind of fact, named and told in one sentence. A kind without a sentence is shown by its code."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parvis.web.steering import booking_forms, card_forms


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact: its name in a list, and the sentence that tells one of them."""

    label: Promise
    sentence: Promise


KINDS: dict[str, Kind] = {
    "ticket.issued": Kind(_("Ticket donné"), _("%(ticket)s donné : %(procedure)s (%(rank)s)")),
    "ticket.called": Kind(
        _("Appel"), _("%(ticket)s appelé au guichet %(counter)s (%(rank)s, attente %(arrived_waited)s)")
    ),
    "ticket.called_again": Kind(_("Appel répété"), _("%(ticket)s appelé de nouveau (%(calls)s fois)")),
    "ticket.arrived": Kind(_("Arrivée au guichet"), _("%(ticket)s est au guichet %(counter)s")),
    "ticket.absent": Kind(_("Absent une fois"), _("%(ticket)s ne vient pas : garde sa place, sera rappelé")),
    "ticket.missed": Kind(_("Absent deux fois"), _("%(ticket)s ne vient pas : sorti de la file")),
    "ticket.put_back": Kind(_("Remis en file"), _("%(ticket)s remis en file (référence %(reference_at)s)")),
    "ticket.parked": Kind(_("Mis de côté"), _("%(ticket)s mis de côté, salle %(room)s")),
    "ticket.resumed": Kind(_("Repris"), _("%(ticket)s rappelé au guichet %(counter)s")),
    "ticket.transferred": Kind(_("Transfert"), _("%(ticket)s passe de %(from_line)s à %(line)s : %(procedure)s")),
    "ticket.continued": Kind(_("Démarche suivante"), _("%(ticket)s continue au même guichet : %(procedure)s")),
    "ticket.procedure_added": Kind(_("Démarche ajoutée"), _("%(ticket)s : %(procedure)s ajoutée à la visite")),
    "ticket.file_attached": Kind(_("Dossier au guichet"), _("%(ticket)s : un dossier est ouvert, %(procedure)s")),
    "ticket.received": Kind(_("Personne reçue"), _("%(ticket)s a été reçu")),
    "ticket.left": Kind(_("Départ"), _("%(ticket)s est parti (%(reason)s)")),
    "ticket.deferred": Kind(_("Retour offert"), _("%(ticket)s reviendra : %(kind)s")),
    "ticket.may_come_back": Kind(_("Pièce à rapporter"), _("%(ticket)s peut revenir sans refaire la file : %(kind)s")),
    "ticket.turned_away": Kind(_("Non reçu"), _("%(ticket)s n'a pas été reçu (%(reason)s)")),
    "ticket.print_ordered": Kind(_("Impression demandée"), _("Impression du ticket %(ticket)s demandée")),
    "ticket.print_begun": Kind(_("Impression envoyée"), _("Impression du ticket %(ticket)s envoyée")),
    "ticket.printed": Kind(_("Ticket imprimé"), _("Ticket %(ticket)s imprimé")),
    "ticket.print_failed": Kind(_("Impression manquée"), _("L'imprimante n'a pas imprimé %(ticket)s")),
    "client.made": Kind(_("Clé donnée"), _("Un partenaire a reçu une clé pour ses logiciels (%(channel)s)")),
    "client.ended": Kind(_("Clé retirée"), _("La clé d'un partenaire n'ouvre plus rien")),
    "step.done": Kind(
        _("Démarche faite"), _("%(ticket)s : %(procedure)s, %(outcome)s, en %(seconds)s au guichet %(counter)s")
    ),
    "arrival.redirected": Kind(_("Personne orientée"), _("Orienté avant tout ticket : %(procedure)s (%(reason)s)")),
    "arrival.turned_away": Kind(_("Refus à l'entrée"), _("Refusé à l'entrée : %(procedure)s (%(reason)s)")),
    "counter.opened": Kind(_("Guichet ouvert"), _("Guichet %(counter)s ouvert")),
    "counter.closed": Kind(_("Guichet fermé"), _("Guichet %(counter)s fermé")),
    "counter.break_started": Kind(_("Début de pause"), _("Guichet %(counter)s en pause")),
    "counter.break_ended": Kind(_("Fin de pause"), _("Guichet %(counter)s de nouveau ouvert")),
    "counter.relieved": Kind(_("Relève"), _("Guichet %(counter)s repris à %(from_agent)s")),
    "counter.lines_changed": Kind(
        _("Files d'un guichet"), _("Guichet %(counter)s : files %(before)s, désormais %(after)s")
    ),
    "help.called": Kind(_("Appel à l'aide"), _("Le guichet %(counter)s appelle à l'aide")),
    "help.answered": Kind(_("Réponse à l'aide"), _("Quelqu'un va au guichet %(counter)s, après %(after)s")),
    "case_file.deposited": Kind(_("Dossier déposé"), _("Un dossier est déposé : %(procedure)s")),
    "case_file.corrected": Kind(_("Dossier corrigé"), _("Tarif, cas ou date d'un dossier corrigés : %(procedure)s")),
    "case_file.imported": Kind(_("Dossier repris"), _("Un dossier vient de l'ancien registre : %(procedure)s")),
    "stock_import.checked": Kind(
        _("Reprise vérifiée"), _("Reprise vérifiée : %(lines)s lignes, %(rejected)s seraient refusées")
    ),
    "stock_import.begun": Kind(_("Reprise commencée"), _("Reprise de %(lines)s lignes commencée")),
    "stock_import.done": Kind(
        _("Reprise terminée"), _("Reprise terminée : %(accepted)s dossiers repris, %(rejected)s lignes refusées")
    ),
    "stock.exported": Kind(_("Stock exporté"), _("%(files)s dossiers exportés")),
    "case_file.incomplete": Kind(_("Dossier incomplet"), _("Dossier incomplet, %(missing)s pièces : %(procedure)s")),
    "case_file.checked": Kind(_("Pièces vérifiées"), _("Pièces vérifiées, %(missing)s manquantes : %(procedure)s")),
    "case_file.slip_given": Kind(
        _("Bordereau remis"), _("Bordereau de %(missing)s pièces à apporter avant le %(until)s : %(procedure)s")
    ),
    "case_file.under_review": Kind(_("Dossier en instruction"), _("Dossier en instruction : %(procedure)s")),
    "case_file.information_requested": Kind(
        _("Pièces demandées"), _("Pièces ou renseignements demandés avant le %(until)s : %(procedure)s")
    ),
    "case_file.opinion_pending": Kind(
        _("Avis demandé"), _("Avis extérieur attendu avant le %(until)s : %(procedure)s")
    ),
    "case_file.opinion_asked": Kind(
        _("Autre avis demandé"), _("Un autre avis est attendu avant le %(until)s : %(procedure)s")
    ),
    "case_file.opinion_received": Kind(_("Avis reçu"), _("Un avis est reçu, un autre est attendu : %(procedure)s")),
    "case_file.committee_referral": Kind(_("Commission saisie"), _("Commission du titre saisie : %(procedure)s")),
    "case_file.receipt_issued": Kind(
        _("Récépissé remis"), _("Récépissé remis, valable jusqu'au %(valid_to)s : %(procedure)s")
    ),
    "case_file.receipt_renewed": Kind(
        _("Récépissé renouvelé"), _("Récépissé n° %(rank)s, valable jusqu'au %(valid_to)s : %(procedure)s")
    ),
    "case_file.receipt_end_told": Kind(
        _("Fin de récépissé annoncée"), _("Fin du récépissé annoncée pour le %(valid_to)s : %(procedure)s")
    ),
    "case_file.document_sent": Kind(_("Document envoyé"), _("La personne a envoyé un document par son lien")),
    "case_file.proposed": Kind(_("Décision proposée"), _("Décision proposée après %(days)s jours : %(procedure)s")),
    "case_file.granted": Kind(_("Dossier accordé"), _("Dossier accordé après %(days)s jours : %(procedure)s")),
    "case_file.refused": Kind(_("Dossier refusé"), _("Dossier refusé après %(days)s jours : %(procedure)s")),
    "case_file.in_production": Kind(_("Titre en fabrication"), _("Titre en fabrication : %(procedure)s")),
    "case_file.received": Kind(_("Titre d'un dossier reçu"), _("Le titre d'un dossier est arrivé : %(procedure)s")),
    "case_file.announced": Kind(
        _("Titre d'un dossier annoncé"), _("Le titre d'un dossier est annoncé : %(procedure)s")
    ),
    "case_file.unclaimed": Kind(_("Titre non réclamé"), _("Personne n'est venu chercher le titre : %(procedure)s")),
    "case_file.handed_over": Kind(
        _("Titre d'un dossier remis"), _("Titre remis %(days)s jours après le dépôt : %(procedure)s")
    ),
    "case_file.closed": Kind(_("Dossier clos"), _("Dossier clos après %(days)s jours : %(procedure)s")),
    "case_file.taken": Kind(_("Dossier pris"), _("Un instructeur prend un dossier : %(procedure)s")),
    "case_file.given": Kind(_("Dossier confié"), _("Un dossier est confié à un instructeur : %(procedure)s")),
    "case_file.let_go": Kind(_("Dossier laissé"), _("Un dossier est remis à qui le prendra : %(procedure)s")),
    "case_file.held": Kind(_("Dossier mis de côté"), _("Dossier mis de côté jusqu'au %(until)s : %(procedure)s")),
    "case_file.resumed": Kind(_("Dossier repris"), _("Un dossier mis de côté est repris : %(procedure)s")),
    "case_file.noted": Kind(_("Note au dossier"), _("Une note est ajoutée à un dossier")),
    "case_file.silence_near": Kind(_("Délai bientôt passé"), _("Sans décision, silence le %(until)s : %(procedure)s")),
    "case_file.silence_passed": Kind(
        _("Délai passé"), _("Aucune décision au %(until)s, dernier jour du délai : %(procedure)s")
    ),
    "permit.received": Kind(_("Titre arrivé"), _("Un titre est entré en stock (%(kind)s)")),
    "permit.summoned": Kind(_("Titre annoncé"), _("La personne est prévenue que son titre est arrivé")),
    "permit.announced": Kind(
        _("Titre annoncé"), _("Titre annoncé après %(days_in_stock)s jours ; timbre en euros : %(stamp_eur)s")
    ),
    "permit.reminded": Kind(_("Rappel d'un titre"), _("La personne est prévenue de nouveau (%(rank)s)")),
    "permit.unclaimed": Kind(
        _("Titre non réclamé"), _("Personne n'est venu chercher le titre en %(days_in_stock)s jours")
    ),
    "permit.moved": Kind(_("Titre rangé ailleurs"), _("Titre passé de %(from_place)s à %(place)s")),
    "permit.returned": Kind(
        _("Titre renvoyé"), _("Titre renvoyé (%(because)s) après %(days_in_stock)s jours en stock")
    ),
    "permit.set_aside": Kind(_("Titre mis de côté"), _("Un titre est mis de côté (%(code)s)")),
    "permit.settled": Kind(_("Titre mis de côté, attribué"), _("Un titre mis de côté a trouvé son dossier (%(code)s)")),
    "permit.dismissed": Kind(_("Titre mis de côté, écarté"), _("Un titre mis de côté est écarté (%(code)s)")),
    "permit.not_handed_over": Kind(
        _("Titre non remis"), _("La personne est repartie sans son titre, ticket %(ticket)s (%(reason)s)")
    ),
    "delivery.opened": Kind(_("Livraison ouverte"), _("Une livraison de titres est ouverte (%(source)s)")),
    "delivery.read": Kind(
        _("Bordereau lu"), _("%(lines)s lignes lues : %(taken)s titres entrés, %(set_aside)s mis de côté")
    ),
    "delivery.closed": Kind(
        _("Livraison close"), _("Livraison close : %(cards)s titres, %(set_aside)s encore de côté")
    ),
    "permit.handed_over": Kind(
        _("Titre remis"), _("Un titre est remis, ticket %(ticket)s, après %(days_in_stock)s jours en stock")
    ),
    "appointment.held": Kind(_("Créneau retenu"), _("Créneau retenu le temps de la saisie : %(procedure)s")),
    "appointment.pending": Kind(_("Rendez-vous à confirmer"), _("Rendez-vous à confirmer par un code : %(procedure)s")),
    "appointment.confirmed": Kind(
        _("Rendez-vous pris"), _("Rendez-vous pris pour le %(starts_at)s : %(procedure)s (%(channel)s)")
    ),
    "appointment.moved": Kind(_("Rendez-vous déplacé"), _("Rendez-vous déplacé du %(before)s au %(starts_at)s")),
    "appointment.cancelled": Kind(_("Rendez-vous annulé"), _("Rendez-vous du %(starts_at)s annulé (%(reason)s)")),
    "appointment.expired": Kind(_("Délai dépassé"), _("Créneau rendu : le délai pour confirmer est dépassé")),
    "appointment.checked_in": Kind(
        _("Arrivée à un rendez-vous"), _("La personne attendue le %(starts_at)s est arrivée")
    ),
    "appointment.expected_again": Kind(
        _("Titulaire attendu de nouveau"),
        _("Quelqu'un d'autre est venu avec ce rendez-vous : son titulaire est attendu de nouveau"),
    ),
    "appointment.no_show": Kind(_("Rendez-vous manqué"), _("La personne attendue n'est pas venue")),
    "slot.made": Kind(_("Créneaux ouverts"), _("%(slots)s créneaux et %(seats)s places ouverts jusqu'au %(until)s")),
    "seat.withdrawn": Kind(
        _("Places retirées"),
        _("%(seats)s places retirées (%(reason)s) : %(rebooked)s rendez-vous déplacés, %(told)s à reprendre"),
    ),
    "plan.changed": Kind(
        _("Plan de places"),
        _("%(line)s, « %(name)s », %(weekday)s %(hours)s : %(seats)s places à partir du %(valid_from)s"),
    ),
    "plan.ended": Kind(_("Plan terminé"), _("%(line)s, « %(name)s », %(weekday)s : plus de places après le %(day)s")),
    "booking_policy.changed": Kind(
        _("Règles des rendez-vous"), _("Règles des rendez-vous : %(before)s, désormais %(after)s")
    ),
    "card_policy.changed": Kind(_("Règles des titres"), _("Règles des titres : %(before)s, désormais %(after)s")),
    "allocation.changed": Kind(
        _("Attribution des places"), _("%(procedure)s : %(before)s, puis %(after)s le %(valid_from)s")
    ),
    "day.closed": Kind(
        _("Journée close"),
        _("Journée du %(day)s close : %(turned_away)s non reçus, %(left)s partis, %(unrecorded)s sans résultat écrit"),
    ),
    "opening.changed": Kind(
        _("Horaires changés"), _("%(line)s, %(weekday)s : %(before)s, puis %(after)s à partir du %(valid_from)s")
    ),
    "closure.declared": Kind(_("Fermeture déclarée"), _("Fermeture exceptionnelle le %(day)s, files %(lines)s")),
    "closure.cancelled": Kind(_("Fermeture annulée"), _("Fermeture du %(day)s annulée, files %(lines)s")),
    "policy.changed": Kind(_("Règles de la file"), _("Règles de la file : %(before)s, désormais %(after)s")),
    "office.loaded": Kind(_("Données du bureau"), _("Données du bureau chargées")),
    "agent.registered": Kind(_("Compte ouvert"), _("Compte ouvert pour %(agent)s : %(roles)s")),
    "agent.roles_changed": Kind(_("Rôles changés"), _("Rôles de %(agent)s : %(before)s, désormais %(after)s")),
    "agent.skills_changed": Kind(_("Files d'un agent"), _("%(agent)s peut servir : %(lines)s")),
    "agent.review_changed": Kind(_("Démarches d'un agent"), _("%(agent)s instruit : %(procedures)s")),
    "agent.password_reset": Kind(_("Mot de passe refait"), _("Nouveau mot de passe donné à %(agent)s")),
    "agent.left": Kind(_("Compte fermé"), _("Compte de %(agent)s fermé")),
    "agent.signed_in": Kind(_("Connexion"), _("%(agent)s se connecte")),
    "agent.signed_out": Kind(_("Déconnexion"), _("%(agent)s se déconnecte")),
    "agent.locked": Kind(_("Poste verrouillé"), _("Le poste de %(agent)s se verrouille")),
    "agent.unlocked": Kind(_("Poste déverrouillé"), _("%(agent)s déverrouille son poste")),
    "shift.planned": Kind(_("Service planifié"), _("Service de %(agent)s planifié : %(starts_at)s – %(ends_at)s")),
    "shift.cancelled": Kind(_("Service annulé"), _("Service de %(agent)s annulé : %(starts_at)s – %(ends_at)s")),
    # Facts of the whole house: they belong to no office, and a search by office finds those about procedures alone.
    "person.registered": Kind(_("Personne enregistrée"), _("Une personne est enregistrée")),
    "person.corrected": Kind(_("Personne corrigée"), _("Une fiche est corrigée : %(fields)s")),
    "person.exported": Kind(_("Données remises"), _("Une personne reçoit copie de ses données")),
    "procedure.registered": Kind(_("Démarche créée"), _("Démarche %(code)s créée")),
    "procedure.revised": Kind(_("Démarche révisée"), _("Démarche %(code)s révisée : %(parts)s")),
    "procedure.access_changed": Kind(
        _("Mode d'accès"), _("%(procedure)s, accès : %(before)s, puis %(after)s le %(valid_from)s")
    ),
    "message.resent": Kind(_("Message renvoyé"), _("Un message est renvoyé (%(kind)s)")),
    "message.printed": Kind(_("Courrier imprimé"), _("Un courrier est imprimé (%(kind)s)")),
    "role.changed": Kind(_("Droits d'un rôle"), _("Droits du rôle %(role)s changés")),
    "batch.opened": Kind(_("Tirage ouvert"), _("Tirage n° %(batch)s ouvert (%(procedure)s), clôture %(closes_at)s")),
    "batch.closed": Kind(
        _("Liste close"),
        _("Liste du tirage n° %(batch)s close (%(procedure)s) : %(requests)s demandes, %(seats)s places"),
    ),
    "batch.drawn": Kind(
        _("Tirage fait"),
        _("Tirage n° %(batch)s (%(procedure)s) : %(placed)s places pour %(requests)s demandes, %(beyond)s hors limite"),
    ),
    "request.made": Kind(_("Demande de place"), _("Demande de place (%(procedure)s), canal %(channel)s")),
    "request.placed": Kind(
        _("Place obtenue"), _("Une demande obtient une place au tirage n° %(batch)s (%(procedure)s)")
    ),
    "request.lost": Kind(
        _("Tirage sans place"), _("Une demande reste sans place au tirage n° %(batch)s (%(procedure)s), %(lost)s fois")
    ),
    "request.withdrawn": Kind(_("Demande retirée"), _("Une demande est retirée (%(procedure)s)")),
    "request.ground_confirmed": Kind(_("Urgence confirmée"), _("Un motif d'urgence est confirmé (%(procedure)s)")),
    "request.ground_refused": Kind(_("Urgence écartée"), _("Un motif d'urgence est écarté (%(procedure)s)")),
    "offer.made": Kind(_("Place proposée"), _("Une place libérée est proposée (%(procedure)s)")),
    "offer.taken": Kind(_("Place acceptée"), _("Une place proposée est acceptée (%(procedure)s)")),
    "offer.refused": Kind(_("Place refusée"), _("Une place proposée est refusée (%(procedure)s)")),
    "offer.withdrawn": Kind(
        _("Proposition retirée"), _("Une place proposée est retirée par le bureau (%(procedure)s)")
    ),
    "offer.expired": Kind(_("Place sans réponse"), _("Une place proposée reste sans réponse (%(procedure)s)")),
    "certificate.issued": Kind(
        _("Attestation établie"), _("Attestation de demande établie (%(procedure)s), %(attempts)s démarches")
    ),
}

# The settings of the order of the queue, of booking and of the cards, as their pages name them.
SETTINGS = {
    **booking_forms.LABELS,
    **card_forms.LABELS,
    "appointment_head_start": _("Avance d'un rendez-vous"),
    "priority_head_start": _("Avance d'une priorité légale"),
    # No setting of the queue any more: it is the booking's. Older entries name it.
    "late_tolerance": _("Retard toléré à un rendez-vous"),
    "absent_pause": _("Délai avant de rappeler un absent"),
    "doors_before_opening": _("Tickets donnés avant l'ouverture"),
    "printer_host": _("Imprimante à tickets"),
    "printer_port": _("Port"),
}

ORIGINS = {
    "kiosk": _("Borne"),
    "phone": _("Téléphone"),
    "desk": _("Accueil"),
    "system": _("Parvis"),
    "agent": _("Agent"),
    "api": _("Logiciel"),
}
