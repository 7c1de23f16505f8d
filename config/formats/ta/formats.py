"""Days in Tamil: 3 பிப்ரவரி 2026, செவ்வாய்."""

from config.formats import written

globals().update(written(full="j F Y, l", day="j F, l", date="j F Y", short="j F", month="F Y"))
