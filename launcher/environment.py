"""Make .venv from uv.lock with nothing but python3; run by ``make`` before anything else.

Written so that an old Python can still read it and say that it is too old.
"""

import glob
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
UV_HOME = os.path.join(ROOT, "var", "uv")
WANTED = (3, 11)


def main():  # type: () -> None
    """Find or install uv, then let it make the environment."""
    if sys.version_info < WANTED:
        sys.exit(
            f"Parvis needs Python 3.11 or later, and {sys.executable} is {sys.version.split()[0]}. "
            "Name a later one: make PYTHON=/path/to/python3 start"
        )
    uv = find_uv() or install_uv()
    print("· environment: .venv from uv.lock (the first time, packages are downloaded) …", flush=True)
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_PROJECT_ENVIRONMENT=os.path.join(ROOT, ".venv"))
    environment.pop("VIRTUAL_ENV", None)
    command = [uv, "sync", "--frozen", "--python", sys.executable]
    if not sys.stderr.isatty():
        command.append("--quiet")
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode != 0:
        sys.exit("The environment could not be made: see the lines above (is the network there?).")


def find_uv():  # type: () -> str | None
    """The uv on PATH, else the one of an earlier run."""
    return shutil.which("uv") or next(iter(glob.glob(os.path.join(UV_HOME, "bin", "uv"))), None)


def install_uv():  # type: () -> str
    """Install uv under var/, with whichever way to pip this Python has."""
    print("· uv, which installs the rest …", flush=True)
    ways = (
        ([sys.executable, "-m", "venv", UV_HOME], [os.path.join(UV_HOME, "bin", "python"), "-m", "pip", "install"]),
        (None, [sys.executable, "-m", "pip", "install", "--target", UV_HOME]),
    )
    for prepare, install in ways:
        if prepare and not succeeds(prepare):
            shutil.rmtree(UV_HOME, ignore_errors=True)
        elif succeeds([*install, "--quiet", "--disable-pip-version-check", "uv"]):
            found = find_uv()
            if found:
                return found
    with_venv = may_install() and succeeds(["apt-get", "install", "-y", "-q", "python3-venv"])
    if with_venv and succeeds(ways[0][0]) and succeeds([*ways[0][1], "--quiet", "uv"]):
        return os.path.join(UV_HOME, "bin", "uv")
    return sys.exit(
        "This Python has neither venv nor pip, and uv is not on PATH. Install one of them, then try again:\n"
        "  Debian, Ubuntu: apt install python3-venv     others: https://docs.astral.sh/uv/"
    )


def may_install():  # type: () -> bool
    """Whether Debian's packages may be installed without asking anybody."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and succeeds(["apt-get", "update", "-q"])


def succeeds(command):  # type: (list[str]) -> bool
    """Run it quietly; whether it went well."""
    try:
        return (
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0
        )
    except OSError:
        return False


if __name__ == "__main__":
    main()
