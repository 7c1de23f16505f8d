"""``make check``: every gate that needs no test, each named, all run, the failures told at the end."""

import os
import subprocess
import sys
import time
from pathlib import Path

from launcher import database, messages, throwaway

ROOT = Path(__file__).resolve().parent.parent
# As an installation behind HTTPS is set up: what Django's deployment check must find nothing wrong with.
PRODUCTION = {
    "PARVIS_HTTPS": "1",
    "PARVIS_HOSTS": "accueil.example.org",
    "PARVIS_DEMO": "0",
    "PARVIS_SECRET_KEY": "for-the-check-alone-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
}


def gates() -> list[tuple[str, list[str], dict[str, str]]]:
    """The name, the command and the environment of each gate."""
    programs = Path(sys.executable).parent
    manage = [sys.executable, "manage.py"]
    templates = [str(path) for path in sorted(ROOT.glob("parvis/*/templates"))]
    found = [
        ("format", [str(programs / "ruff"), "format", "--check", "."], {}),
        ("lint", [str(programs / "ruff"), "check", "."], {}),
        ("types", [str(programs / "mypy")], {}),
        ("import order", [str(programs / "lint-imports")], {}),
        ("migrations complete", [*manage, "makemigrations", "--check", "--dry-run"], {}),
        ("translations complete", [*manage, "check_translations"], {}),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ]
    if templates:
        found.append(("templates", [str(programs / "djlint"), "--lint", "--quiet", *templates], {}))
    return found


def main() -> None:
    """Run them all; exit 1 when one fails."""
    messages.compile_all()
    var = throwaway.make()
    try:
        database.start(var, durable=False)
        ours = {"PARVIS_VAR": str(var), "DATABASE_URL": database.default_url(var)}
        failed = [name for name, command, more in gates() if not passes(name, command, {**ours, **more})]
    finally:
        throwaway.remove(var)
    if failed:
        sys.exit(f"make check: {', '.join(failed)} failed")


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one gate, and tell what it says when it fails."""
    began = time.monotonic()
    told = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    print(f"{'ok  ' if told.returncode == 0 else 'FAIL'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if told.returncode != 0:
        print((told.stdout + told.stderr).strip(), flush=True)
    return told.returncode == 0


if __name__ == "__main__":
    main()
