from parvis.web.access import Public, Table

PAGES = (
    "offices",
    "find",
    "challenge",
    "see",
    "details",
    "code",
    "move",
    "cancel",
    "convocation",
    "event",
    "start",
    "procedure",
    "apart",
    "commune",
    "expiry",
    "advice",
    "documents",
    "checklist",
    "verification",
    "proof",
    "days",
    "hours",
    "request",
)
ACCESS: Table = {f"appointments:{page}": Public() for page in PAGES}
