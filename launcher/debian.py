"""Debian's packages, for what tests need and no Python package brings."""

import os
import shutil
import subprocess
import sys


def installer() -> list[str] | None:
    """How this user installs packages without being asked anything; None when he may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    sudo = ["sudo", "--non-interactive"]
    if shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0:
        return [*sudo, "apt-get"]
    return None


def is_installed(package: str) -> bool:
    """Whether Debian's dpkg has this package installed."""
    asked = ["dpkg-query", "--show", "--showformat=${Status}", package]
    if shutil.which("dpkg-query") is None:
        return False
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.endswith("ok installed")


def install(*packages: str) -> bool:
    """Install what is missing of these, telling it on the terminal; whether all are there."""
    missing = [package for package in packages if not is_installed(package)]
    apt = installer() if missing else None
    if missing and apt is not None:
        print(f"· Debian packages: {' '.join(missing)} …", file=sys.stderr, flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
            told = subprocess.run(
                [*apt, "--quiet", *step], env=environment, capture_output=True, text=True, check=False
            )
            if told.returncode != 0:
                print("\n".join(told.stderr.strip().splitlines()[-5:]), file=sys.stderr)
    return all(is_installed(package) for package in packages)
