"""The live updates, served under ASGI in a process of their own; the pages are in ``config.wsgi``."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from parvis.web.live.application import LiveApplication  # noqa: E402 - Django's settings come first

application = LiveApplication()
