"""The pages, served under WSGI: Django is five to ten times faster there than under ASGI.

What everybody asks in a rush is answered before Django is reached (``parvis.web.documents``).
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from parvis.web.documents.serving import Documents  # noqa: E402 - Django's settings come first

application = Documents(django)
