"""The typed HTTP interface: what the screens can do about appointments, for programs. ``docs/api.md`` shows its use.

It calls the same actions as the screens and keeps no rule of its own. ``endpoints.api`` is mounted by ``web.api``.
"""
