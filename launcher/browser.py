"""A browser for the tests: ``python -m launcher.browser`` makes sure that there is one and prints its path.

The programs that read papers back come with it.

Debian's Chromium when it may be installed, else one on PATH, else Playwright's own download.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from launcher import debian
from launcher.errors import LaunchError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Pictures of the screens show Arabic: without a font for it they would show boxes.
FONTS = ("fonts-noto-core", "fonts-dejavu-core")
# Papers are read back by other programs than those that made them: pages, text and signatures; QR codes.
READERS = ("poppler-utils", "zbar-tools")


def find() -> str | None:
    """The browser named by PARVIS_CHROMIUM, or one on PATH."""
    named = os.environ.get("PARVIS_CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


def ensure() -> str:
    """A browser's path, installing one when there is none. Raises LaunchError with what to install."""
    if os.environ.get("PARVIS_CHROMIUM"):
        debian.install(*READERS)
        return os.environ["PARVIS_CHROMIUM"]
    if debian.installer() is not None:
        debian.install("chromium", *FONTS, *READERS)
    found = find() or _playwright()
    if found is None:
        raise LaunchError(
            "The tests need a browser and none could be installed here. Install Chromium (Debian: apt install "
            f"chromium {' '.join((*FONTS, *READERS))}), or name one: PARVIS_CHROMIUM=/path/to/chromium make test"
        )
    return found


def _playwright() -> str | None:
    """Playwright's own Chromium, downloaded if need be."""
    print("· Chromium, as Playwright ships it …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode != 0:
        return None
    ask = "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False).stdout.strip()
    return told if told and Path(told).exists() else None


if __name__ == "__main__":
    try:
        print(ensure())
    except LaunchError as error:
        sys.exit(str(error))
