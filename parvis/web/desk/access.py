from parvis.web.access import Permission, Table

QUEUE = Permission("reception.issue_ticket")

ACCESS: Table = {
    "desk:home": QUEUE,
    "desk:issue": QUEUE,
    "desk:scan": Permission("booking.check_in_appointment"),
    "desk:live": QUEUE,
    "desk:persons": Permission("people.view_person"),
    "desk:ticket": QUEUE,
    "desk:paper": Permission("reception.print_ticket"),
    "desk:reprint": Permission("reception.print_ticket"),
    "desk:put_back": Permission("reception.put_back_ticket"),
    "desk:leave": QUEUE,
    "desk:not_the_holder": QUEUE,
    "desk:give_return": Permission("reception.give_return"),
}
