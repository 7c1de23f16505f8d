from parvis.web.access import Permission, Table

BOOKS = Permission("booking.book_appointment")
SEES = Permission("booking.book_appointment", "booking.view_appointment")

ACCESS: Table = {
    "helpdesk:home": SEES,
    "helpdesk:book": BOOKS,
    "helpdesk:request": BOOKS,
    "helpdesk:appointment": SEES,
    "helpdesk:move": BOOKS,
    "helpdesk:cancel": BOOKS,
    "helpdesk:check_in": Permission("booking.check_in_appointment"),
    "helpdesk:begin": BOOKS,
    "helpdesk:end": BOOKS,
}
