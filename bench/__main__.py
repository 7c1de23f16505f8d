"""Run every benchmark, or those named, each in a process of its own; then one table of all."""

import json
import subprocess
import sys
from pathlib import Path

from bench import ground

HERE = Path(__file__).resolve().parent
NOT_BENCHMARKS = {"__init__", "__main__", "ground", "hello", "plain", "rush_limits", "rush_load", "rush_scene"}


def names() -> list[str]:
    """Every benchmark of this folder."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_BENCHMARKS)


def main(asked: list[str]) -> int:
    """Run them; 1 when one failed to run. A target that is not met is a finding, not a failure."""
    unknown = set(asked) - set(names())
    if unknown:
        print(f"No benchmark called {', '.join(sorted(unknown))}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    failed = []
    chosen = asked or names()
    for name in chosen:
        print(f"— {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=HERE.parent, check=False).returncode:
            failed.append(name)
    print("\n— all", flush=True)
    for name in chosen:
        kept = ground.RESULTS / f"{name}.json"
        if name in failed:
            print(f"{name}: failed")
        elif kept.exists():
            print(ground.table(json.loads(kept.read_text())))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
