from parvis.web.access import Permission, Table

CALL = Permission("reception.call_ticket")
HAND_OVER = Permission("permits.hand_over_permit")
DEPOSIT = Permission("casefiles.deposit_case_file")
RECEIPT = Permission("casefiles.give_receipt")
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
    "not_the_holder",
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
    "counter:file_find": DEPOSIT,
    "counter:file_attach": DEPOSIT,
    "counter:file_person": DEPOSIT,
    "counter:file_open": DEPOSIT,
    "counter:file_correct": DEPOSIT,
    "counter:file_tick": DEPOSIT,
    "counter:file_complete": RECEIPT,
    "counter:file_incomplete": DEPOSIT,
    "counter:file_renew": RECEIPT,
    "counter:receipt": RECEIPT,
    "counter:slip": DEPOSIT,
    "counter:pick": Permission("reception.pick_ticket"),
    "counter:put_back": Permission("reception.put_back_ticket"),
    "counter:give_return": Permission("reception.give_return"),
    "counter:return_pass": Permission("reception.give_return"),
    "counter:hand_over": HAND_OVER,
    "counter:fail_handover": HAND_OVER,
    "counter:chip_copy": HAND_OVER,
}
