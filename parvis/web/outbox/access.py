from parvis.web.access import Table

ACCESS: Table = {}
