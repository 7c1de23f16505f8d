"""A former register as a CSV file; every person is invented."""

from collections.abc import Iterable, Mapping

HEADER = ("N° dossier", "Démarche", "Déposé le", "Complet le", "Nom", "Prénom", "Né(e) le", "Numéro étranger")


def line(number: int, **changes: str) -> dict[str, str]:
    """One line: a renewal deposited on 2 October 2017, complete on the 20th, of somebody born in 1985."""
    told = {
        "N° dossier": f"ANC-{number:06}",
        "Démarche": "renewal",
        "Déposé le": "02/10/2017",
        "Complet le": "20/10/2017",
        "Nom": "Exemple",
        "Prénom": f"Témoin {number}",
        "Né(e) le": "12/03/1985",
        "Numéro étranger": f"9900{number:06}",
    }
    return told | changes


def written(lines: Iterable[Mapping[str, str]], *, header: Iterable[str] = HEADER, delimiter: str = ";") -> str:
    """The file, its columns in the order of the header."""
    columns = tuple(header)
    rows = [delimiter.join(columns), *(delimiter.join(told[column] for column in columns) for told in lines)]
    return "\r\n".join(rows) + "\r\n"


def register(count: int, **changes: str) -> str:
    """A file of so many lines, each of somebody else."""
    return written(line(number, **changes) for number in range(1, count + 1))
