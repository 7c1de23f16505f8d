from parvis.web.access import Permission, Table

ACCESS: Table = {"audit:home": Permission("journal.search_journal")}
