"""Days in Spanish: martes 3 de febrero de 2026."""

from config.formats import written

globals().update(
    written(
        full=r"l j \d\e F \d\e Y",
        day=r"l j \d\e F",
        date=r"j \d\e F \d\e Y",
        short=r"j \d\e F",
        month=r"F \d\e Y",
    )
)
