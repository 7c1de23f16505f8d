"""A file that came by post or from the digital point: the person found or registered, the file opened on its day."""

from typing import Any, cast

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from parvis.casefiles import actions
from parvis.casefiles.errors import DateImpossible, FileAlreadyOpen
from parvis.casefiles.states import Channel
from parvis.common import clock
from parvis.common.errors import BusinessError
from parvis.people.errors import FieldRefused
from parvis.people.models import Person
from parvis.procedures import queries as catalogue
from parvis.procedures.models import Procedure
from parvis.web.casework.pages import show
from parvis.web.counter.filing import finding
from parvis.web.counter.filing.forms import OpenForm
from parvis.web.counter.filing.prefill import Prefill, names_in
from parvis.web.counter.filing.screen import RENEWAL
from parvis.web.counter.pages import key_of
from parvis.web.desk.forms import DAYS
from parvis.web.requests import AgentRequest, key_in

CHANNELS = (Channel.POST, Channel.DIGITAL_POINT)


class FindForm(forms.Form):
    """Which procedure, and who: a number or a name, the day of birth."""

    d = forms.ChoiceField(label=_("Démarche"))
    q = forms.CharField(
        label=_("N° étranger, de passeport, ou nom"),
        max_length=finding.LONGEST,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "dir": "auto", "spellcheck": "false"}),
    )
    ne = forms.DateField(
        label=_("Né(e) le"),
        input_formats=DAYS,
        required=False,
        widget=forms.DateInput(attrs={"placeholder": _("jj/mm/aaaa"), "inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "find_%s", **kwargs})
        filed = catalogue.filed_procedures(clock.today()).exclude(code=RENEWAL)
        self.procedures = {one.code: one for one in filed}
        cast(forms.ChoiceField, self.fields["d"]).choices = [(one.code, one.label) for one in self.procedures.values()]

    @property
    def procedure(self) -> Procedure:
        """The one chosen."""
        return self.procedures[self.cleaned_data["d"]]


class ReceiveForm(OpenForm):
    """What a counter asks to open a file, and how and when it came."""

    channel = forms.ChoiceField(label=_("Arrivé par"), choices=[(one.value, one.label) for one in CHANNELS])
    deposited_on = forms.DateField(
        label=_("Arrivé le"),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        """The law that holds is that of the day it came."""
        data = super().clean()
        self.day = data.get("deposited_on") or clock.today()
        return data


@require_http_methods(["GET", "POST"])
def new_file(request: AgentRequest) -> HttpResponse:
    """Choose the procedure, find the person, open the file; whoever may be the same person is shown first."""
    find = FindForm(request.GET if "d" in request.GET else None)
    if not find.is_bound or not find.is_valid():
        return show(request, "new_file.html", {**_NOTHING, "find": find}, status=422 if find.is_bound else 200)
    if request.method == "POST":
        return _open(request, find)
    person = Person.objects.filter(pk=key_in(request.GET.get("personne", ""))).first()
    typed, born = find.cleaned_data["q"], find.cleaned_data["ne"]
    found = None
    if not person and (typed or born):
        found = finding.find(request.agent.office, typed, born, procedure=find.procedure)
    names = {} if any(sign.isdigit() for sign in typed) else names_in(typed)
    prefill = Prefill(person=person) if person else Prefill(identity=names | {"birth_date": born})
    form = ReceiveForm(procedure=find.procedure, prefill=prefill)
    return show(request, "new_file.html", {**_NOTHING, "find": find, "found": found, "form": form})


def _open(request: AgentRequest, find: FindForm) -> HttpResponse:
    person = Person.objects.filter(pk=key_in(request.POST.get("person", ""))).first()
    form = ReceiveForm(request.POST, procedure=find.procedure, prefill=Prefill(person=person))
    if not form.is_valid():
        return _again(request, find, form)
    who = form.who()
    twins = [] if isinstance(who, Person) else finding.twins(who)
    if twins and not request.POST.get("distinct"):
        return _again(request, find, form, twins=twins)
    try:
        file = actions.receive(
            find.procedure,
            person=who,
            channel=Channel(form.cleaned_data["channel"]),
            deposited_on=form.cleaned_data["deposited_on"],
            by=request.agent,
            key=key_of(request),
            **form.request(),
        )
    except FieldRefused as refused:
        form.refuse(refused)
    except DateImpossible as refused:
        form.add_error("deposited_on", str(refused))
    except FileAlreadyOpen as refused:
        return _again(request, find, form, problem=refused, other=refused.file)
    except BusinessError as refused:
        return _again(request, find, form, problem=refused)
    else:
        return redirect("casework:file", pk=file.pk)
    return _again(request, find, form, twins=twins)


_NOTHING: dict[str, Any] = {"found": None, "form": None, "twins": [], "problem": None, "other": None}


def _again(request: AgentRequest, find: FindForm, form: ReceiveForm, **said: Any) -> HttpResponse:
    """The same page with everything that was typed, and why not."""
    return show(request, "new_file.html", {**_NOTHING, "find": find, "form": form, **said}, status=422)
