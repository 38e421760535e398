"""Has a terminal draw what was sent, and compares its cells with those that were meant: characters, colours, attributes.

Usage: compare_cells.py DIRECTORY, which holds `sent`, the bytes of all frames, each ended by a BEL, and
`frames.json`: [{"name", "columns", "rows", "text", "styles"}], as `plainText` and `styleRuns` write them.

Prints each frame that differs with its first cells, and how many frames were compared.
"""
import json
import re
import sys
import unicodedata

from pyte import graphics
from wcwidth import wcwidth

from terminal_display import Display, Stream

PLAIN = ("default", "default", frozenset())
ATTRIBUTES = {
    "bold": "bold", "underscore": "underline", "reverse": "reverse", "italics": "italic", "strikethrough": "dim",
}


def color(name, layer):
    """What pyte calls it; `layer` is its table of the bright colours."""
    if name.startswith("#"):
        return name[1:]
    if name == "default":
        return name
    index = int(name)
    if index < 8:
        return graphics.FG_ANSI[30 + index]
    return layer[index - 8 + min(layer)] if index < 16 else graphics.FG_BG_256[index]


def meant(frame):
    """(character, foreground, background, attributes) of each cell, row by row."""
    styles = {}
    for line in frame["styles"].splitlines():
        place, front, back, words = re.fullmatch(r"(\S+) (\S+)(?: on (\S+))?((?: [a-z]+)*)", line).groups()
        row, first, last = map(int, re.split("[:-]", place))
        style = (
            color(front, graphics.FG_AIXTERM), color(back or "default", graphics.BG_AIXTERM), frozenset(words.split()))
        styles |= {(row, column): style for column in range(first, last + 1)}
    rows = []
    for row, line in enumerate(frame["text"].split("\n")[:frame["rows"]]):
        cells = []
        for character in line:
            width = wcwidth(character)
            if width == 0:
                cells[-1] = unicodedata.normalize("NFC", cells[-1] + character)
            else:
                cells += [character, ""][:width]
        cells += [" "] * (frame["columns"] - len(cells))
        rows.append([(text, *styles.get((row, column), PLAIN)) for column, text in enumerate(cells)])
    return rows


def seen(display):
    def cell(place):
        attributes = frozenset(name for field, name in ATTRIBUTES.items() if getattr(place, field))
        return (place.data, place.fg, place.bg, attributes)
    return [[cell(display.buffer[row][column]) for column in range(display.columns)] for row in range(display.lines)]


def visible(cell):
    """Of a blank only what can be seen: its ground, and a line below it."""
    text, front, back, attributes = cell
    if text != " ":
        return cell
    front = front if attributes & {"reverse", "underline"} else None
    return (text, front, back, attributes & {"reverse", "underline"})


def main():
    directory = sys.argv[1]
    frames = json.load(open(f"{directory}/frames.json"))
    pieces = open(f"{directory}/sent", "rb").read().split(b"\x07")
    display = Display(frames[0]["columns"], frames[0]["rows"])
    stream = Stream(display)
    # Behind the last frame is what the test process says at its end.
    if len(pieces) <= len(frames):
        print(f"{len(frames)} frames, but {len(pieces) - 1} were sent")
    for frame, sent in zip(frames, pieces):
        if (display.columns, display.lines) != (frame["columns"], frame["rows"]):
            display.resize(frame["rows"], frame["columns"])
        stream.feed(sent)
        differences = [
            f"  row {row}, column {column}: meant {want}, seen {have}"
            for row, (wanted, had) in enumerate(zip(meant(frame), seen(display)))
            for column, (want, have) in enumerate(zip(wanted, had))
            if visible(want) != visible(have)
        ]
        if differences:
            print(f"{frame['name']}: {len(differences)} cells differ")
            print("\n".join(differences[:3]))
    print(f"{len(frames)} frames compared")


main()
