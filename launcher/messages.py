"""Compile the translations: ``.mo`` files are made where they are used, and are not kept in git.

``python -m launcher.messages`` does it by hand. No gettext program is needed.
"""

import os
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def catalogues(root: Path = ROOT) -> list[Path]:
    """Every translation of the project."""
    return sorted([*root.glob("locale/*/LC_MESSAGES/*.po"), *root.glob("parvis/*/locale/*/LC_MESSAGES/*.po")])


def compile_all(root: Path = ROOT) -> int:
    """Compile what changed since the last time; how many there were."""
    stale = [path for path in catalogues(root) if _is_stale(path)]
    for path in stale:
        draft = path.with_suffix(f".mo.{os.getpid()}")
        polib.pofile(str(path)).save_as_mofile(str(draft))
        draft.replace(path.with_suffix(".mo"))
    return len(stale)


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime


if __name__ == "__main__":
    print(f"translations compiled: {compile_all()}")
