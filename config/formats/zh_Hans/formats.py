"""Days in Chinese: 2026年2月3日 星期二."""

from config.formats import written

globals().update(written(full="Y年n月j日 l", day="n月j日 l", date="Y年n月j日", short="n月j日", month="Y年n月"))
