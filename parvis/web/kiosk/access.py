from parvis.web.access import Public, Table

STEPS = (
    "offices",
    "start",
    "procedure",
    "commune",
    "expiry",
    "advice",
    "priority",
    "holder",
    "printed",
    "poster",
)
ACCESS: Table = {f"{namespace}:{step}": Public() for namespace in ("kiosk", "door") for step in STEPS}
