"""Days in Ukrainian, the month in the genitive: Вівторок, 3 лютого 2026."""

from config.formats import written

globals().update(written(full="l, j E Y", day="l, j E", date="j E Y", short="j E", month="F Y"))
