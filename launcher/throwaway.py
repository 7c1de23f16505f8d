"""A folder of data for one test session or one check, with its database, gone afterwards."""

import shutil
import tempfile
from pathlib import Path

from launcher import database
from launcher.cluster import cluster_of


def make() -> Path:
    """A new folder that the server's user may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="parvis-throwaway-"))
    folder.chmod(0o711)
    return folder / "var"


def remove(var: Path) -> None:
    """Stop the database of a folder that ``make`` gave, and remove everything it left."""
    database.stop(var)
    cluster = cluster_of(var)
    for folder in {cluster.sockets, cluster.home, var.parent}:
        shutil.rmtree(folder, ignore_errors=True)
