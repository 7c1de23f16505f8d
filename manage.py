#!/usr/bin/env python
"""Run a management command, with the embedded database when no other is named."""

import os
import sys

WITHOUT_DATABASE = {"check", "check_translations", "collect_messages", "collectstatic", "help"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if not os.environ.get("DATABASE_URL") and not command.startswith("-") and command not in WITHOUT_DATABASE:
        use_embedded_database()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def use_embedded_database() -> None:
    """Start it unless it runs; it stops by itself with the last process that uses it."""
    from config.settings import VAR_DIR
    from launcher.database import start
    from launcher.errors import LaunchError

    try:
        start(VAR_DIR)
    except LaunchError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
