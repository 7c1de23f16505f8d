"""Links to the page being read, in another language."""

from django import template
from django.template.context import RequestContext
from django.utils.http import urlencode

register = template.Library()


@register.simple_tag(takes_context=True)
def language_link(context: RequestContext, code: str) -> str:
    """The address of this page in the language ``code``; what was already answered stays in it.

    After a POST the address alone is kept: what was sent is not repeated in a link.
    """
    request = context["request"]
    parameters = {name: values for name, values in request.GET.lists() if name != "lang"}
    return "?" + urlencode({**parameters, "lang": code}, doseq=True)
