"""What every browser test asks of a screen."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

WIDTHS = {
    "phone": {"width": 360, "height": 740},
    "kiosk": {"width": 1080, "height": 1400},
    "desk": {"width": 1366, "height": 768},
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def assert_accessible(page: Page) -> None:
    """No fault that axe can find, and nothing that must be scrolled sideways."""
    # A click returns before the next page has its style sheet.
    page.wait_for_load_state("load")
    found = Axe().run(page, options={"runOnly": RULES})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the screen"


# What was typed is all selected, in the field that has the focus: the next key replaces it.
SELECTED = """() => {
    const on = document.activeElement;
    return on.value && on.selectionEnd - on.selectionStart === on.value.length;
}"""


def picture(page: Page, name: str) -> None:
    """Keep a picture of the screen when ``PARVIS_PICTURES`` names a folder (``docs/pictures`` in the project)."""
    folder = os.environ.get("PARVIS_PICTURES")
    if not folder:
        return
    page.wait_for_load_state("networkidle")
    for _attempt in range(5):
        try:
            # The caret as it is: hiding it would be a style that no page of ours allows.
            page.screenshot(path=Path(folder) / f"{name}.png", caret="initial")
        except Error:
            # A page that has just been replaced cannot be captured for an instant.
            page.wait_for_timeout(300)
        else:
            return
    raise AssertionError(f"no picture of {name}")
