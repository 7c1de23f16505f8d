"""The house looks the same in every room."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JUNK = {"utils", "helpers", "misc", "manager", "managers", "handler", "handlers", "common_utils", "tools"}
TEMPLATES = sorted(ROOT.glob("parvis/**/templates/**/*.html"))
MIGRATIONS = sorted(ROOT.glob("parvis/*/migrations/0*.py"))
PACKAGES = sorted(path.parent for path in ROOT.glob("parvis/*/__init__.py"))
PARTS = {"states", "models", "rules", "queries", "actions", "errors", "tasks", "apps", "admin", "__init__"}
# Rooms of another make: the ground (ten files at most, no business word), the screens, the simulated people.
FREE_ROOMS = {"common", "web", "rehearsal"}


def inline_code(text: str) -> list[str]:
    """Scripts, styles and event attributes that a strict Content-Security-Policy would refuse."""
    bare = re.sub(r"{#.*?#}|{% comment.*?endcomment %}|<!--.*?-->", "", text, flags=re.DOTALL)
    scripts = [found for found in re.findall(r"<script\b[^>]*>", bare) if "src=" not in found and "json" not in found]
    return scripts + re.findall(r"<style\b[^>]*>|\sstyle\s*=|\son[a-z]+\s*=|javascript:", bare)


def test_no_file_has_a_junk_name() -> None:
    named = [path for folder in ("parvis", "config", "launcher", "tests") for path in (ROOT / folder).rglob("*.py")]
    assert [path for path in named if path.stem in JUNK or path.parent.name in JUNK] == []


@pytest.mark.parametrize("package", [path for path in PACKAGES if path.name not in FREE_ROOMS], ids=lambda p: p.name)
def test_a_package_has_the_parts_every_package_has(package: Path) -> None:
    """A part may be a file or a folder split by noun; a package may add one noun of its own to four at most."""
    found = {path.stem for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/__init__.py")}
    own = found - PARTS - {"migrations", "management", "templatetags", package.name}
    assert len(own) <= 4, f"{package.name} has many parts of its own: {sorted(own)}"


def test_common_stays_small() -> None:
    assert len([path for path in (ROOT / "parvis/common").glob("*.py") if path.stem not in {"__init__", "apps"}]) <= 10


@pytest.mark.parametrize("migration", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_migration_says_what_it_does(migration: Path) -> None:
    assert re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+", migration.stem)
    assert "auto_" not in migration.stem


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_inline_code_and_trusts_no_data(template: Path) -> None:
    text = template.read_text()
    assert inline_code(text) == []
    assert "|safe" not in text
    assert "autoescape off" not in text


def test_inline_code_is_seen() -> None:
    assert inline_code('<p style="color: red" onclick="go()">') == [" style=", " onclick="]
    assert inline_code("<script>go()</script><style>") == ["<script>", "<style>"]
    assert inline_code('<script src="/static/live.js" defer></script>{# <style> #}') == []


def test_messages_are_marked_safe_nowhere() -> None:
    found = [
        path for path in (ROOT / "parvis").rglob("*.py") if re.search(r"\bmark_safe\b|SafeString\(", path.read_text())
    ]
    assert found == []
