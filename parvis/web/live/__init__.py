"""Live updates: LISTEN/NOTIFY turned into server-sent events, in one small ASGI process.

Nothing here is the truth: every message says "look again", a screen that missed some looks again by itself, and the
process may be killed at any moment. No message carries a name, a date of birth, a procedure or a reason.
"""
