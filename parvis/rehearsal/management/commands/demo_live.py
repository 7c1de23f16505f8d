"""Play the demonstration live."""

import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from parvis.common.errors import BusinessError
from parvis.rehearsal import live


class Command(BaseCommand):
    help = "Play the demonstration office at the pace of its clock, until told to stop."

    def handle(self, *_args: Any, **_options: Any) -> None:
        # An action that is under way is rolled back: the next start finds the office as it was before it.
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
        try:
            live.go_on()
        except BusinessError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            return
        finally:
            # Without this the pool's threads hold the process back for seconds.
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend alone
