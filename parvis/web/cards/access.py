from parvis.web.access import Permission, Table

SEES = Permission("permits.receive_permit", "permits.hand_over_permit")
RECEIVES = Permission("permits.receive_permit")
RETURNS = Permission("permits.return_permit")

ACCESS: Table = {
    **{f"cards:{name}": SEES for name in ("home", "card", "deliveries", "delivery", "set_aside", "figures")},
    **{
        f"cards:{name}": RECEIVES
        for name in ("move", "open_delivery", "scan", "preview", "read_list", "close_delivery", "settle", "dismiss")
    },
    **{f"cards:{name}": RETURNS for name in ("faulty", "unclaimed", "destroy")},
}
