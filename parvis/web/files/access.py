from parvis.web.access import Public, Table

PAGES = ("start", "code", "see", "answer")
ACCESS: Table = {f"files:{page}": Public() for page in PAGES}
