from parvis.web.access import Permission, Table
from parvis.web.administration.access import ACCESS as ADMINISTRATION

SEE = Permission("reception.view_admission")
OPENINGS = Permission("offices.change_opening")
SHIFTS = Permission("offices.plan_shifts")
POLICY = Permission("reception.change_policy")
CAPACITY = Permission("booking.change_capacity")
CARDS = Permission("permits.change_policy")
CLOSE = Permission("reception.close_day")
DRAWS = Permission("booking.hold_draw")
URGENCY = Permission("booking.confirm_urgency")

ACCESS: Table = {
    "steering:home": SEE,
    "steering:live": SEE,
    "steering:offers": SEE,
    "steering:offer": Permission("reception.give_return"),
    "steering:return_pass": Permission("reception.give_return"),
    "steering:answer_help": Permission("reception.call_ticket"),
    "steering:openings": OPENINGS,
    "steering:opening": OPENINGS,
    "steering:change_opening": OPENINGS,
    "steering:closures": OPENINGS,
    "steering:declare_closure": OPENINGS,
    "steering:cancel_closure": OPENINGS,
    "steering:counters": SHIFTS,
    "steering:counter_lines": SHIFTS,
    "steering:shifts": SHIFTS,
    "steering:plan_shift": SHIFTS,
    "steering:cancel_shift": SHIFTS,
    "steering:policy": POLICY,
    "steering:guarantee": POLICY,
    "steering:card_policy": CARDS,
    "steering:change_card_policy": CARDS,
    "steering:closing": CLOSE,
    "steering:close_day": CLOSE,
    "steering:day": Permission("indicators.view_figures"),
    "steering:capacity": CAPACITY,
    "steering:fill": CAPACITY,
    "steering:booking_policy": CAPACITY,
    "steering:new_plan": CAPACITY,
    "steering:plan": CAPACITY,
    "steering:change_plan": CAPACITY,
    "steering:end_plan": CAPACITY,
    "steering:access_modes": CAPACITY,
    "steering:access_mode": CAPACITY,
    "steering:change_access": CAPACITY,
    "steering:change_allocation": CAPACITY,
    "steering:batches": DRAWS,
    "steering:open_batch": DRAWS,
    "steering:close_batch": DRAWS,
    "steering:draw_batch": DRAWS,
    "steering:grounds": URGENCY,
    "steering:answer_ground": URGENCY,
    **ADMINISTRATION,
}
