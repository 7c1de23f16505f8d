"""What the logs of the processes leave out."""

import logging
import re

# What opens a ticket, an appointment or a request: 22 characters by chance, or a signature after what it signs, with
# colons between. Names have small letters alone.
_KEY = re.compile(r"(?<=/)(?=[a-z_-]*[A-Z0-9])[A-Za-z0-9_:-]{22,}(?=[/\s.?]|$)")


class WithoutKeys(logging.Filter):
    """Addresses without the keys in them: the log must not open what it speaks of."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Write the line, its keys replaced."""
        record.msg, record.args = _KEY.sub("-", record.getMessage()), ()
        return True
