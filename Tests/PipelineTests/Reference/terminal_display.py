"""A terminal in memory: pyte, with what the terminfo of xterm's family promises and pyte lacks."""
import collections
import re

import pyte
from pyte.screens import StaticDefaultDict


class Display(pyte.Screen):
    """Cells and modes. Struck-through, which nobody sends here, stands for dim, which pyte does not know."""

    def __init__(self, columns, rows, answer=lambda data: None):
        self.answer = answer
        self.modes = {7, 25}
        self.primary = None
        self.last = " "
        super().__init__(columns, rows)

    def write_process_input(self, data):
        self.answer(data.encode())

    def draw(self, data):
        if data:
            self.last = data[-1]
        super().draw(data)

    def repeat(self, count=1):
        self.draw(self.last * (count or 1))

    def back_tab(self, count=1):
        for _ in range(count or 1):
            stops = [stop for stop in self.tabstops if stop < self.cursor.x]
            self.cursor.x = max(stops, default=0)

    def scroll(self, count):
        """Rows within the margins move up; down when negative."""
        top, bottom = self.margins or (0, self.lines - 1)
        cursor = self.cursor.y
        for _ in range(abs(count)):
            self.cursor.y = bottom if count > 0 else top
            self.index() if count > 0 else self.reverse_index()
        self.cursor.y = cursor

    def scroll_up(self, count=1):
        self.scroll(count or 1)

    def scroll_down(self, count=1):
        self.scroll(-(count or 1))

    def blank(self, columns):
        """Filled with the colours in force, as everything erased is there."""
        for column in columns:
            self.buffer[self.cursor.y][column] = self.cursor.attrs._replace(data=" ")

    def delete_characters(self, count=None):
        super().delete_characters(count)
        self.blank(range(max(self.cursor.x, self.columns - (count or 1)), self.columns))

    def insert_characters(self, count=None):
        super().insert_characters(count)
        self.blank(range(self.cursor.x, min(self.cursor.x + (count or 1), self.columns)))

    def set_mode(self, *modes, **options):
        if options.get("private"):
            self.modes |= set(modes)
            if 1049 in modes and self.primary is None:
                self.primary = (self.buffer, self.cursor.x, self.cursor.y)
                self.buffer = collections.defaultdict(
                    lambda: StaticDefaultDict(self.default_char))
        super().set_mode(*modes, **options)

    def reset_mode(self, *modes, **options):
        if options.get("private"):
            self.modes -= set(modes)
            if 1049 in modes and self.primary is not None:
                self.buffer, self.cursor.x, self.cursor.y = self.primary
                self.primary = None
        super().reset_mode(*modes, **options)

    def select_graphic_rendition(self, *codes):
        renamed, rest = [], list(codes)
        while rest:
            code = rest.pop(0)
            if code in (38, 48):
                count = 2 if rest[:1] == [5] else 4
                renamed += [code, *rest[:count]]
                del rest[:count]
            else:
                renamed += {2: [9], 22: [22, 29]}.get(code, [code])
        super().select_graphic_rendition(*renamed)

    @property
    def picture(self):
        return [line.rstrip() for line in self.display]


class Stream(pyte.ByteStream):
    """Also takes colours written with colons, `38:2::R:G:B`, which pyte would end at the first of them."""

    csi = {
        **pyte.ByteStream.csi, "b": "repeat", "Z": "back_tab", "S": "scroll_up", "T": "scroll_down",
    }
    events = pyte.ByteStream.events | {"repeat", "back_tab", "scroll_up", "scroll_down"}
    held = b""  # The begin of a sequence whose end has not come.

    def feed(self, data):
        data = self.held + data
        cut = re.search(rb"\x1b(?:\[[0-9;:?]*)?\Z", data)
        end = cut.start() if cut else len(data)
        self.held = data[end:]
        super().feed(re.sub(
            rb"\x1b\[[0-9;:]*m",
            lambda match: match[0].replace(b":2::", b";2;").replace(b":", b";"), data[:end]))
