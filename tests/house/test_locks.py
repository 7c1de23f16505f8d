"""Every action that locks a row is raced by several hands in a test that has a control."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = "select_for_update"
# What locks and is raced by no test yet. This list only shrinks.
OWED = frozenset(
    {
        "parvis.booking.actions.booking._give_details",
        "parvis.booking.actions.expiring._remind",
        "parvis.booking.actions.guards.forget_old",
        "parvis.booking.actions.holding.hold_again",
        "parvis.booking.actions.openings.cancel_closure",
        "parvis.booking.actions.openings.close_exceptionally",
        "parvis.booking.actions.plans.add_plan",
        "parvis.booking.actions.plans.change_plan",
        "parvis.booking.actions.plans.end_plan",
        "parvis.booking.actions.plans.load_plans",
        "parvis.booking.actions.policies.change_allocation",
        "parvis.booking.actions.requests.refuse_ground",
        "parvis.booking.actions.slots.make_slots",
        "parvis.casefiles.actions.at_desk.issue_receipt_read",
        "parvis.offices.actions.agents.deactivate",
        "parvis.offices.actions.agents.give_roles",
        "parvis.offices.actions.agents.reset_password",
        "parvis.offices.actions.agents.set_skills",
        "parvis.offices.actions.openings.cancel_closure",
        "parvis.offices.actions.places.set_counter_lines",
        "parvis.offices.actions.shifts.cancel_shift",
        "parvis.people.actions.export",
        "parvis.permits.actions.cards.receive",
        "parvis.procedures.actions.change_access",
        "parvis.reception.printing.jobs.begin",
    }
)
Function = tuple[str, str]  # the module, the name


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def trees() -> dict[str, ast.Module]:
    """The product's modules."""
    return {module_of(path): ast.parse(path.read_text()) for path in sorted((ROOT / "parvis").rglob("*.py"))}


@cache
def functions() -> dict[Function, ast.FunctionDef]:
    found = [(module, one) for module, tree in trees().items() for one in tree.body]
    return {(module, one.name): one for module, one in found if isinstance(one, ast.FunctionDef)}


@cache
def imported(module: str) -> dict[str, tuple[str, str]]:
    """What each imported name of a module is: where it comes from, and what it is called there."""
    return {
        alias.asname or alias.name: (one.module or "", alias.name)
        for one in ast.walk(trees()[module])
        if isinstance(one, ast.ImportFrom)
        for alias in one.names
    }


@cache
def source(module: str, name: str) -> Function | None:
    """The function that a name of a module stands for, however often it is handed on."""
    if (module, name) in functions():
        return module, name
    if module in trees() and name in imported(module):
        return source(*imported(module)[name])
    return None


@cache
def mentioned(function: Function) -> set[Function]:
    """The product's functions that a function names: called there, or handed to what calls them."""
    module, body = function[0], functions()[function]
    found = set()
    for node in ast.walk(body):
        if isinstance(node, ast.Name):
            found.add(source(module, node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            of, name = imported(module).get(node.value.id, ("", ""))
            found.add(source(f"{of}.{name}", node.attr))
    return {one for one in found if one is not None} - {function}


def is_action(function: Function) -> bool:
    return any(
        isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "action"
        for mark in functions()[function].decorator_list
    )


def locks(function: Function, seen: frozenset[Function] = frozenset()) -> bool:
    """Whether a function locks rows, itself or through what is no action of its own."""
    body = functions()[function]
    if any(isinstance(node, ast.Attribute) and node.attr == LOCKS for node in ast.walk(body)):
        return True
    deeper = {one for one in mentioned(function) if not is_action(one)} - seen
    return any(locks(one, seen | {function}) for one in sorted(deeper))


def named_in_races() -> set[str]:
    """Every name in the tests of many hands that hold a control."""
    found: set[str] = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text()
        if "pytest.mark.concurrency" in text and ("def test_control_" in text or "def test_without_" in text):
            nodes = list(ast.walk(ast.parse(text)))
            found |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
            found |= {node.id for node in nodes if isinstance(node, ast.Name)}
    return found


def raced() -> set[Function]:
    """What those tests name, and all that it does in turn."""
    names = named_in_races()
    found = {one for one in functions() if one[1] in names and ".actions" in one[0]}
    fresh = found
    while fresh:
        fresh = {deeper for one in fresh for deeper in mentioned(one)} - found
        found |= fresh
    return found


def locked_actions() -> set[Function]:
    return {one for one in functions() if is_action(one) and locks(one)}


def test_the_scan_sees_a_lock_however_it_is_taken() -> None:
    """By ``lock``, by ``first_free``, through a helper of the module, of another, handed to what runs it once."""
    seen = {name for module, name in locked_actions() if module.startswith("parvis.reception")}
    assert {"pick", "call_next", "park", "finish", "issue_ticket", "close_day", "relieve"} <= seen
    assert not {"redirect", "call_for_help", "purge_priorities"} & seen


def test_every_locked_action_is_raced() -> None:
    not_raced = {f"{module}.{name}" for module, name in locked_actions() - raced()}
    assert sorted(not_raced - OWED) == []
    assert sorted(OWED - not_raced) == [], "raced now: take it off the list"
