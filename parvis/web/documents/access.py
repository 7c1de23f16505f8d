from parvis.web.access import Public, Table

ACCESS: Table = {"documents:free": Public(), "documents:waits": Public()}
