"""What everybody asks in a rush, made once per change and served before Django is reached.

Two small JSON documents an office: ``/libre/<office>.json`` (what can be booked) and ``/attente/<office>.json`` (the
waits now). The live process makes them when PostgreSQL says that something changed, and every few seconds anyway, for
time passes too; the page servers read the file. Nothing here is the truth: a seat is had by booking it, and a
document that is lost or old is made again by whoever is asked for it. No document names anybody.
"""
