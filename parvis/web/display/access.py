from parvis.web.access import Public, Table

# What hangs on the wall of the waiting room: numbers and counters, readable by anybody.
ACCESS: Table = {
    "display:page": Public(),
    "display:board": Public(),
    "display:qr": Public(),
}
