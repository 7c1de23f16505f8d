"""A ticket drawn dot by dot, for scripts that a thermal printer has no letters for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import segno
from PIL import Image, ImageDraw, ImageFont, features

from parvis import messages

if TYPE_CHECKING:
    from parvis.reception.printing.paper import Paper

# 80 mm paper has 576 dots at 203 dpi and 512 at 180 dpi; what fits the narrower fits both.
WIDTH = 512
MARGIN = 8
DEJAVU = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
# The letters that DejaVu Sans lacks are those of the papers.
PAPERS = Path(messages.__file__).parent / "papers" / "fonts"

# Languages that code pages do not print, each with a font that has its letters and the Latin ones.
FONTS = {
    "ar": DEJAVU,
    "tr": DEJAVU,
    "uk": DEJAVU,
    "zh-hans": PAPERS / "NotoSansSC-Regular.ttf",
    "ta": PAPERS / "NotoSansTamil-Regular.ttf",
}
# Scripts whose letters change beside one another: drawn by the shaping library or not at all.
SHAPED = frozenset({"ar", "ta"})
RIGHT_TO_LEFT = frozenset({"ar"})
# A line may end after any character, but not within a Latin word or a number.
WITHOUT_SPACES = frozenset({"zh-hans"})
WITHOUT_SPACES_PIECE = re.compile(r"[!-~À-ÿ]+ ?|.")
_LATIN = frozenset({"fr", "fr-simple", "en", "es", "pt"})


def is_latin(language: str) -> bool:
    """Whether the printer's own letters are enough."""
    return language in _LATIN


def can_draw(language: str) -> bool:
    """Whether the font has the letters and, for joined scripts, the library that shapes them is there."""
    return language in FONTS and (language not in SHAPED or bool(features.check("raqm")))


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: int
    thickness: int = 0
    is_number: bool = False


class _Shaping(NamedTuple):
    """What the shaping library is told; nothing for letters that stand alone."""

    direction: str | None = None
    language: str | None = None


def draw(paper: "Paper") -> Image.Image:
    """The whole ticket, QR code included, in black and white."""
    blocks = [_text(part, paper.language) for line in _lines(paper) for part in _wrapped(line, paper.language)]
    blocks.append(_qr(paper.address))
    blocks += [_text(part, paper.language) for part in _wrapped(_Line(paper.follow, 24), paper.language)]
    blocks += [_text(_Line(paper.printed, 24, is_number=True), paper.language)]
    blocks += [_text(part, paper.language) for part in _wrapped(_Line(paper.personal, 22), paper.language)]
    sheet = Image.new("1", (WIDTH, sum(block.height for block in blocks)), 1)
    top = 0
    for block in blocks:
        sheet.paste(block, ((WIDTH - block.width) // 2, top))
        top += block.height
    return sheet


def _lines(paper: "Paper") -> Iterator[_Line]:
    yield _Line(paper.office, 26)
    yield _Line(paper.number_label, 30)
    yield _Line(paper.number, 150, thickness=4, is_number=True)
    for procedure in paper.procedures:
        yield _Line(procedure, 30, thickness=1)
    if paper.appointment:
        yield _Line(paper.appointment, 30)
    yield _Line(paper.wait, 30)


def _wrapped(line: _Line, language: str) -> list[_Line]:
    """The line cut between words so that each part fits the paper; between characters where no words are marked."""
    font = _font(line, language)
    parts: list[str] = [""]
    joint = "" if language in WITHOUT_SPACES else " "
    for word in WITHOUT_SPACES_PIECE.findall(line.text) if language in WITHOUT_SPACES else line.text.split():
        longer = f"{parts[-1]}{joint}{word}".lstrip()
        if _width(font, longer, _shaping(line, language)) <= WIDTH - 2 * MARGIN or not parts[-1]:
            parts[-1] = longer
        else:
            parts.append(word)
    return [_Line(part, line.size, line.thickness, line.is_number) for part in parts]


def _text(line: _Line, language: str) -> Image.Image:
    font = _font(line, language)
    ascent, descent = font.getmetrics()
    block = Image.new("1", (WIDTH, ascent + descent + line.size // 4), 1)
    drawing = ImageDraw.Draw(block)
    shaping = _shaping(line, language)
    left = (WIDTH - _width(font, line.text, shaping)) / 2
    drawing.text(
        (left, line.size // 8),
        line.text,
        font=font,
        fill=0,
        stroke_width=line.thickness,
        direction=shaping.direction,
        language=shaping.language,
    )
    return block


def _font(line: _Line, language: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS[language]), line.size)


def _width(font: ImageFont.FreeTypeFont, text: str, shaping: _Shaping) -> float:
    return font.getlength(text, direction=shaping.direction, language=shaping.language)


def _qr(address: str) -> Image.Image:
    code = segno.make(address, error="m", micro=False)
    dots = [list(row) for row in code.matrix_iter(scale=1, border=4)]
    scale = min(WIDTH * 6 // 10 // len(dots), 8)
    image = Image.new("1", (len(dots), len(dots)), 1)
    image.putdata([0 if is_dark else 1 for row in dots for is_dark in row])
    return image.resize((len(dots) * scale, len(dots) * scale), Image.Resampling.NEAREST)


def _shaping(line: _Line, language: str) -> _Shaping:
    if language in RIGHT_TO_LEFT and not line.is_number:
        return _Shaping("rtl", language)
    return _Shaping()
