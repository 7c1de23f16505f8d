"""The launcher stands alone: it runs before Django is ready, and must not need the product."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = {"django", "parvis", "config"}


def imported(path: Path) -> set[str]:
    """The first word of everything a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_launcher_imports_neither_django_nor_the_product() -> None:
    assert {path.name: imported(path) & FOREIGN for path in (ROOT / "launcher").glob("*.py")} == {
        path.name: set() for path in (ROOT / "launcher").glob("*.py")
    }
