"""What an officer types: one form an act."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from parvis.casefiles import queries
from parvis.casefiles.actions.completeness import TO_BRING
from parvis.casefiles.actions.exchanges import LONGEST
from parvis.casefiles.models import CaseFile, Opinion
from parvis.casefiles.rules import committee_window
from parvis.casefiles.rules.deciding import may_close
from parvis.casefiles.states import Closing, DocumentState, OpinionBody, OrderToLeave, Work
from parvis.common import clock
from parvis.offices import queries as offices
from parvis.offices.models import Agent, Office
from parvis.web.counter.filing.screen import Line, line_of
from parvis.web.desk.forms import DAYS

_DAY = {"type": "date"}
MONTHS = (("", _("Selon la démarche")), *((str(n), _("%(n)d mois") % {"n": n}) for n in (12, 24, 48, 120)))
FAVOURABLE = (("yes", _("Favorable")), ("no", _("Défavorable")))
NO_ANSWER = ("none", _("Aucun avis n'est venu : le dossier continue sans lui"))
# Why an officer closes a file by hand; the other reasons come with the card.
BY_HAND = (Closing.REFUSED, Closing.WITHDRAWN, Closing.NOT_COMPLETED, Closing.MOVED_AWAY, Closing.DUPLICATE)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, input_formats=DAYS, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"), **more
    )


def _check_between(form: forms.Form, name: str, first: date, last: date) -> None:
    """A day that the act would refuse is said beside its field, with the days that are possible."""
    typed = form.cleaned_data.get(name)
    if typed and not first <= typed <= last:
        said = {"first": date_format(first, "j F Y"), "last": date_format(last, "j F Y")}
        form.add_error(name, ValidationError(_("Choisissez un jour du %(first)s au %(last)s."), params=said))


def _check_coming(form: forms.Form, name: str, last: date | None = None) -> None:
    today = clock.today()
    _check_between(form, name, today + timedelta(days=1), last or today + LONGEST)


def _text(label: Any, *, rows: int = 3, most: int = 4000, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **more
    )


class ActForm(forms.Form):
    """What one act on one file asks."""

    def __init__(self, *args: Any, file: CaseFile | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file = file
        self.lines: list[Line] = []

    def typed(self) -> list[tuple[Any, Any]]:
        """What was typed, for a page that no longer offers the form."""
        return [(one.label, one.value()) for one in self]


class DocumentsForm(ActForm):
    """What was seen of each document of the list, as at a counter, and the slip of what is missing."""

    until = _day(_("Pièces attendues jusqu'au"), required=False)
    states = tuple(DocumentState)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = clock.today()
        given = self.file.missing_by if self.file else None
        self.initial.setdefault("until", given if given and given > today else today + TO_BRING)
        listed = queries.list_for(self.file) if self.file else []
        self.lines = [line_of(place, one, self.data) for place, one in enumerate(listed, start=1)]

    @property
    def wants_slip(self) -> bool:
        """Whether the button of the slip was pressed."""
        return "slip" in self.data

    def clean(self) -> dict[str, Any]:
        """The documents somebody said something of; a slip also needs its day."""
        data = super().clean() or {}
        data["slip"] = self.wants_slip
        data["checks"] = {
            line.document.code: (line.state, line.reason if line.state == DocumentState.NOT_ACCEPTED else "")
            for line in self.lines
            if line.state in DocumentState.values
        }
        if self.wants_slip:
            _check_coming(self, "until", clock.today() + LONGEST - timedelta(days=1))
        elif not data["checks"]:
            raise ValidationError(_("Dites au moins d'une pièce ce que vous avez vu."))
        return data

    def typed(self) -> list[tuple[Any, Any]]:
        """Each document with what was said of it."""
        labels = dict(DocumentState.choices)
        said = [(one.document.name, f"{labels.get(one.state, '')} {one.reason}".strip()) for one in self.lines]
        return [*said, *super().typed()]


class ReceiptForm(ActForm):
    """The first receipt of a complete file."""

    work = forms.ChoiceField(
        label=_("Droit au travail"), choices=(("", _("Selon la démarche")), *Work.choices), required=False
    )


class HoldForm(ActForm):
    """Put a file aside until a day, for a reason."""

    until = _day(_("Jusqu'au"))
    because = forms.CharField(label=_("Motif"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean(self) -> dict[str, Any]:
        """A day to come, at the latest the last of the year after next."""
        data = super().clean() or {}
        _check_coming(self, "until", date(clock.today().year + 2, 12, 31))
        return data


class NoteForm(ActForm):
    text = _text(_("Note pour qui ouvrira ce dossier"))


class AskForm(ActForm):
    """Ask the person for documents, or for what the text says."""

    text = _text(_("Message à la personne"), required=False)
    documents = forms.MultipleChoiceField(
        label=_("Pièces"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    answer_by = _day(_("Réponse attendue avant le"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.file:
            listed = [one.document for one in queries.list_for(self.file)]
            cast(forms.MultipleChoiceField, self.fields["documents"]).choices = [(one.code, one.name) for one in listed]
        self.initial.setdefault("answer_by", clock.today() + timedelta(days=30))

    def clean(self) -> dict[str, Any]:
        """Something must be asked."""
        data = super().clean() or {}
        if not data.get("text", "").strip() and not data.get("documents"):
            self.add_error("text", _("Écrivez ce que vous demandez, ou cochez une pièce."))
        _check_coming(self, "answer_by")
        return data


class AnswerForm(ActForm):
    text = _text(_("Ce que la personne a répondu"))


class OpinionForm(ActForm):
    body = forms.ChoiceField(label=_("À qui ?"), choices=OpinionBody.choices)
    due_on = _day(_("Attendu avant le"))

    def clean(self) -> dict[str, Any]:
        """A day to come."""
        data = super().clean() or {}
        _check_coming(self, "due_on")
        return data


class SaidForm(ActForm):
    """An opinion received, from outside or from the committee."""

    favourable = forms.ChoiceField(label=_("Avis"), choices=FAVOURABLE, widget=forms.RadioSelect)
    text = _text(_("Ce que dit l'avis"), required=False)


class OpinionSaidForm(SaidForm):
    """Whose opinion came, of those that are awaited, or that none did."""

    field_order = ("opinion", "favourable", "text")
    opinion = forms.ChoiceField(label=_("Avis de"))
    favourable = forms.ChoiceField(label=_("Avis"), choices=(*FAVOURABLE, NO_ANSWER), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        awaited = self.file.opinions.filter(received_at=None).order_by("pk") if self.file else ()
        self.awaited = {str(one.pk): one for one in awaited}
        cast(forms.ChoiceField, self.fields["opinion"]).choices = [
            (key, one.get_body_display()) for key, one in self.awaited.items()
        ]

    def clean_opinion(self) -> Opinion:
        return self.awaited[self.cleaned_data["opinion"]]


class CommitteeForm(ActForm):
    summoned_on = _day(_("Convocation envoyée le"))
    meets_on = _day(_("Séance le"))

    def clean(self) -> dict[str, Any]:
        """The summons leaves today or later, and the committee meets within its legal window."""
        data = super().clean() or {}
        today = clock.today()
        usual = committee_window(today, today)
        _check_between(self, "summoned_on", today, today + (usual.closes - usual.opens))
        if "summoned_on" in self.cleaned_data and "meets_on" in self.cleaned_data:
            window = committee_window(today, self.cleaned_data["summoned_on"])
            told = {"first": date_format(window.opens, "j F Y"), "last": date_format(window.closes, "j F Y")}
            if not window.opens <= self.cleaned_data["meets_on"] <= window.closes:
                said = _(
                    "La personne est convoquée au moins quinze jours à l'avance, et la commission se réunit dans les "
                    "trois mois : du %(first)s au %(last)s."
                )
                self.add_error("meets_on", ValidationError(said, params=told))
        return data


class CommitteeSaidForm(SaidForm):
    """The committee's opinion: there is none before it met."""

    def clean(self) -> dict[str, Any]:
        """Nothing is written before the day of the meeting."""
        data = super().clean() or {}
        awaited = self.file.committees.filter(heard_at=None).order_by("pk").first() if self.file else None
        if awaited and clock.today() < awaited.meets_on:
            said = _("La commission se réunit le %(day)s : son avis se note à partir de ce jour.")
            raise ValidationError(said, params={"day": date_format(awaited.meets_on, "j F Y")})
        return data


class GrantForm(ActForm):
    card_months = forms.ChoiceField(label=_("Durée du titre"), choices=MONTHS, required=False)

    def clean_card_months(self) -> int | None:
        typed = self.cleaned_data["card_months"]
        return int(typed) if typed else None


class RefuseForm(ActForm):
    grounds = _text(_("Motifs du refus, en droit et en fait"), rows=6)
    order = forms.ChoiceField(
        label=_("Obligation de quitter le territoire"),
        choices=(("", _("Aucune : recours en deux mois")), *OrderToLeave.choices),
        required=False,
    )


class BecauseForm(ActForm):
    because = _text(_("Motif"), rows=2, most=200)


class CloseForm(ActForm):
    closing = forms.ChoiceField(label=_("Pourquoi clore ?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = self.file.state if self.file else ""
        reasons = [one for one in BY_HAND if may_close(state, one)]
        cast(forms.ChoiceField, self.fields["closing"]).choices = [(one.value, one.label) for one in reasons]


class GiveForm(ActForm):
    """To whom a file is given: an agent of the office who reviews files."""

    officer = forms.ChoiceField(label=_("À qui ?"))

    def __init__(self, *args: Any, officers: list[Agent] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if officers is None:
            officers = officers_of(self.file.office) if self.file else []
        self.officers = {str(one.pk): one for one in officers}
        cast(forms.ChoiceField, self.fields["officer"]).choices = [
            (key, one.name) for key, one in self.officers.items()
        ]

    def clean_officer(self) -> Agent:
        return self.officers[self.cleaned_data["officer"]]


def officers_of(office: Office) -> list[Agent]:
    """The agents of an office who may review files, by name."""
    may_review = {"user__groups__permissions__codename": "review_case_file"}
    return list(offices.agents(office).filter(**may_review).distinct())
