from parvis.web.access import Permission, Table

CALL = Permission("reception.call_ticket")
ACTIONS = (
    "home",
    "open",
    "relieve",
    "work",
    "screen",
    "live",
    "call",
    "again",
    "arrived",
    "absent",
    "left",
    "park",
    "resume",
    "transfer",
    "add",
    "finish",
    "cards",
    "pause",
    "back",
    "close",
    "help",
    "answer",
)

ACCESS: Table = {
    **{f"counter:{name}": CALL for name in ACTIONS},
    "counter:pick": Permission("reception.pick_ticket"),
    "counter:put_back": Permission("reception.put_back_ticket"),
    "counter:give_return": Permission("reception.give_return"),
    "counter:return_pass": Permission("reception.give_return"),
    "counter:hand_over": Permission("permits.hand_over_permit"),
}
