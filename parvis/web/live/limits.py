"""How many streams may be open: a screen too many is told to come back, the others go on."""

from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings

# A waiting room's phones share one public address; a display is one stream.


@dataclass
class Doorkeeper:
    """Counts the open streams, in all and by address."""

    total: int = field(default_factory=lambda: settings.LIVE_CONNECTIONS)
    per_address: int = field(default_factory=lambda: settings.LIVE_CONNECTIONS_PER_ADDRESS)
    _inside: Counter[str] = field(default_factory=Counter)

    def admit(self, address: str) -> bool:
        """Let one more stream in, or not."""
        if self._inside.total() >= self.total or self._inside[address] >= self.per_address:
            return False
        self._inside[address] += 1
        return True

    def leave(self, address: str) -> None:
        """One stream less from this address."""
        self._inside[address] -= 1
        if self._inside[address] <= 0:
            del self._inside[address]

    def __len__(self) -> int:
        return self._inside.total()
