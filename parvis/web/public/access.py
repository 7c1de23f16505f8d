from parvis.web.access import Public, Table

ACCESS: Table = {
    "home": Public(),
    "public:ticket": Public(),
    "public:ticket_state": Public(),
    "public:ticket_leave": Public(),
    "public:redirection": Public(),
    "public:handover": Public(),
}
