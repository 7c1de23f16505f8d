"""Days in Turkish: 3 Şubat 2026 Salı."""

from config.formats import written

globals().update(written(full="j F Y l", day="j F l", date="j F Y", short="j F", month="F Y"))
