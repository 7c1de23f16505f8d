"""Days in English: Tuesday 3 February 2026."""

from config.formats import written

globals().update(written(full="l j F Y", day="l j F", date="j F Y", short="j F", month="F Y"))
