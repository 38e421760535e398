"""Turns a terminal capture into a picture.

    tmux capture-pane -p -e | python3 docs/picture.py > docs/dashboard-120x40.svg

Reads ANSI text (16, 256 and true colours, bold, dim, reverse, underline) and writes an SVG in which every run of
equal cells is placed on the grid, so that box drawing and block characters meet.
"""
import re
import sys
import unicodedata
from xml.sax.saxutils import escape

CELL_WIDTH, CELL_HEIGHT, FONT = 8.4, 17, 14
BACKGROUND, FOREGROUND = "#16161e", "#c8ccd8"
ANSI = [
    "#2a2b36", "#e0575b", "#5fbf77", "#d7b05a", "#6a9be8", "#b58be0", "#56b9c2", "#c8ccd8",
    "#5b6078", "#ff7b7f", "#86e09b", "#f2cd7c", "#8fb9ff", "#d0aaff", "#7fdde6", "#ffffff",
]
STEPS = [0, 95, 135, 175, 215, 255]


def indexed(number):
    if number < 16:
        return ANSI[number]
    if number < 232:
        number -= 16
        return "#%02x%02x%02x" % (STEPS[number // 36], STEPS[number // 6 % 6], STEPS[number % 6])
    return "#%02x%02x%02x" % ((8 + 10 * (number - 232),) * 3)


class Style:
    def __init__(self):
        self.reset()

    def reset(self):
        self.fg = self.bg = None
        self.bold = self.dim = self.reverse = self.underline = False

    def apply(self, codes):
        codes = codes or [0]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code in (1, 2, 4, 7):
                setattr(self, {1: "bold", 2: "dim", 4: "underline", 7: "reverse"}[code], True)
            elif code == 22:
                self.bold = self.dim = False
            elif code == 24:
                self.underline = False
            elif code == 27:
                self.reverse = False
            elif code in (38, 48):
                colour = self.extended(codes)
                setattr(self, "fg" if code == 38 else "bg", colour)
            elif code == 39:
                self.fg = None
            elif code == 49:
                self.bg = None
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.fg = ANSI[code % 10 + (8 if code >= 90 else 0)]
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.bg = ANSI[code % 10 + (8 if code >= 100 else 0)]

    @staticmethod
    def extended(codes):
        if codes.pop(0) == 5:
            return indexed(codes.pop(0))
        red, green, blue = codes.pop(0), codes.pop(0), codes.pop(0)
        return "#%02x%02x%02x" % (red, green, blue)

    def key(self):
        fg, bg = self.fg or FOREGROUND, self.bg or BACKGROUND
        if self.reverse:
            fg, bg = bg, fg
        return fg, bg, self.bold, self.dim, self.underline


def runs(line, style):
    """(column, text, width in cells, style key) of each stretch of equal style."""
    column = 0
    found = []
    for piece in re.split(r"(\x1b\[[0-9;:]*m)", line):
        if piece.startswith("\x1b["):
            numbers = re.findall(r"\d+", piece)
            style.apply([int(number) for number in numbers])
            continue
        text = re.sub(r"[\x00-\x1f]", "", piece)
        width = sum(
            0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
            for c in text
        )
        if text:
            found.append((column, text, width, style.key()))
        column += width
    return found


def main():
    lines = sys.stdin.read().rstrip("\n").split("\n")
    style = Style()
    rows = [runs(line, style) for line in lines]
    columns = max((run[0] + run[2] for row in rows for run in row), default=1)
    width, height = columns * CELL_WIDTH + 16, len(rows) * CELL_HEIGHT + 16
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.1f} {height}" font-size="{FONT}" '
        'font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" xml:space="preserve">'
    )
    print(f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>')
    for number, row in enumerate(rows):
        top = 8 + number * CELL_HEIGHT
        for column, text, cells, (fg, bg, bold, dim, underline) in row:
            left, wide = 8 + column * CELL_WIDTH, cells * CELL_WIDTH
            if bg != BACKGROUND:
                print(f'<rect x="{left:.1f}" y="{top}" width="{wide:.2f}" height="{CELL_HEIGHT}" fill="{bg}"/>')
            if not text.strip():
                continue
            marks = (' font-weight="bold"' if bold else "") + (' opacity="0.6"' if dim else "")
            marks += ' text-decoration="underline"' if underline else ""
            print(
                f'<text x="{left:.1f}" y="{top + FONT - 1}" textLength="{wide:.2f}" '
                f'lengthAdjust="spacingAndGlyphs" fill="{fg}"{marks}>{escape(text)}</text>'
            )
    print("</svg>")


main()
