"""The addresses under ``/api/v1/``. Each checks who asks, calls one query or one action, and says what it found."""

from parvis.api.endpoints import appointments, contacts, offices, requests

ROUTERS = (offices.router, contacts.router, appointments.router, requests.router)
