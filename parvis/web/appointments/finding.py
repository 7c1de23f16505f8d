"""Find one's appointments again: the links go to the contact, and the page never says whether there are any."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from parvis.booking import actions
from parvis.common.errors import BusinessError
from parvis.common.network import address_of
from parvis.web.appointments.forms import ContactForm
from parvis.web.appointments.pages import WEB
from parvis.web.requests import VisitorRequest


@csrf_exempt
@never_cache
def find(request: VisitorRequest) -> HttpResponse:
    """Ask for the links by e-mail or SMS."""
    form = ContactForm(request.POST if request.method == "POST" else None)
    asked, error = False, None
    if form.is_bound and form.is_valid():
        try:
            actions.send_links(form.contact(), by=WEB, address=address_of(request))
            asked = True
        except BusinessError as refused:
            error = refused
    status = error.status if error else 422 if form.errors else 200
    return render(request, "appointments/find.html", {"form": form, "asked": asked, "error": error}, status=status)
