"""How each language writes a day.

Pages name a day by the French pattern ("l j F Y"); Django asks the language for the format of that name, and takes the
pattern itself where the language says nothing. Days written in figures are the same in every language.
"""


def written(*, full: str, day: str, date: str, short: str, month: str) -> dict[str, str]:
    """The formats of a language by their French pattern; ``full`` has weekday and year, ``date`` the year alone."""
    names = {"l j F Y": full, "l j F": day, "j F Y": date, "j F": short}
    timed = {f"{name}{sign}H:i": f"{text}, H:i" for name, text in names.items() for sign in (", ", " ")}
    return names | timed | {"F Y": month, "DATE_FORMAT": date}
