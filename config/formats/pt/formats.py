"""Days in Portuguese: Terça-feira, 3 de Fevereiro de 2026."""

from config.formats import written

globals().update(
    written(
        full=r"l, j \d\e F \d\e Y",
        day=r"l, j \d\e F",
        date=r"j \d\e F \d\e Y",
        short=r"j \d\e F",
        month=r"F \d\e Y",
    )
)
