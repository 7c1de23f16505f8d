from parvis.web.access import Permission, Public, Table

STEPS = (
    "offices",
    "start",
    "procedure",
    "commune",
    "expiry",
    "advice",
    "priority",
    "holder",
    "appointment",
    "check_in",
    "printed",
)
ACCESS: Table = {
    **{f"{namespace}:{step}": Public() for namespace in ("kiosk", "door") for step in STEPS},
    # It shows the code of the day, which proves that somebody stands at the door.
    "door:poster": Permission("reception.issue_ticket"),
    "kiosk:poster": Permission("reception.issue_ticket"),
}
