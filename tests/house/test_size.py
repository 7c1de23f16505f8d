"""The size alarm: a function of 60 lines, a file of 500, a test file of 800."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FUNCTION, FILE, TEST_FILE = 60, 500, 800
# The alarm's exceptions may only become fewer: lower this number with the list, never raise it.
MOST_EXCEPTIONS = 0


def sources() -> list[Path]:
    """Every Python file of the project, migrations aside."""
    rooms = ("parvis", "config", "launcher", "bench", "tests")
    found = [ROOT / "manage.py", *(path for room in rooms for path in (ROOT / room).rglob("*.py"))]
    return [path for path in found if path.parent.name != "migrations"]


def too_large(path: Path, text: str) -> set[str]:
    """What the alarm says of one file."""
    name = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
    found = set()
    if len(text.splitlines()) > (TEST_FILE if name.startswith("tests/") else FILE):
        found.add(name)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if (node.end_lineno or first) - first + 1 > FUNCTION:
                found.add(f"{name}::{node.name}")
    return found


def test_nothing_is_larger_than_the_alarm_but_the_exceptions() -> None:
    lines = (ROOT / "tests/house/exceptions.txt").read_text().splitlines()
    exceptions = {line for line in lines if line and not line.startswith("#")}
    found = set().union(*(too_large(path, path.read_text()) for path in sources()))
    assert found - exceptions == set(), "too large: split it by noun"
    assert exceptions - found == set(), "no longer too large: take it off the list"
    assert len(exceptions) <= MOST_EXCEPTIONS


def test_the_alarm_rings() -> None:
    long_function = "def slow():\n" + "    pass\n" * 60
    assert too_large(Path("parvis_x.py"), long_function) == {"parvis_x.py::slow"}
    assert too_large(Path("parvis_x.py"), "x = 1\n" * 501) == {"parvis_x.py"}
    assert too_large(Path("parvis_x.py"), "def quick():\n" + "    pass\n" * 59) == set()
