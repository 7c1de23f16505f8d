from parvis.web.access import Permission, Public, Table

_SEES = Permission("outbox.view_message")
ACCESS: Table = {
    "outbox:home": _SEES,
    "outbox:paper": _SEES,
    "outbox:resend": _SEES,
    "outbox:printed": _SEES,
    # The gateway has no account: it shows the secret it was given.
    "outbox:receipt": Public(),
}
