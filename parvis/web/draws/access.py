from parvis.web.access import Public, Table

PAGES = (
    "batches",
    "program",
    "office_certificate",
    "request",
    "withdraw",
    "issue",
    "offer",
    "take",
    "refuse",
    "certificate",
    "paper",
    "batch",
    "document",
)
ACCESS: Table = {f"draws:{page}": Public() for page in PAGES}
