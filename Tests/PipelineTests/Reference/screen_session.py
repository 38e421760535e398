"""Drives the dashboard in a pseudo-terminal, as a person at a shell would, and prints what happened as JSON.

Usage: screen_session.py PROGRAM SCRATCH COLUMNS ROWS keys|resize|suspend|end:SIGNAL

The program runs under a shell with job control, so that Ctrl-Z and fg are real. pyte plays the terminal; the
bytes themselves tell whether the alternate screen was left, the cursor shown and the mouse let go.
"""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

import pyte

PRICE = re.compile(r"\d+\.\d\d")


class Session:
    def __init__(self, scratch, columns, rows):
        self.raw = b""
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.master, self.slave = pty.openpty()
        self.resize_window(columns, rows)
        environment = {
            "HOME": scratch, "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8",
            "SWIFT_BACKTRACE": "enable=no", "PS1": "$ ", "TICKTOP_RULES_VELOCITY_PERCENT": "0.02",
        }
        self.shell = os.fork()
        if self.shell == 0:
            # A test's threads block signals, and what they start would inherit that.
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for descriptor in range(3):
                os.dup2(self.slave, descriptor)
            os.closerange(3, 64)
            os.chdir(scratch)
            os.execve("/bin/bash", ["bash", "--norc", "--noprofile", "--noediting", "-i"], environment)
        self.wait(lambda: "$ " in self.text())
        self.before = termios.tcgetattr(self.slave)

    def resize_window(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        self.resize_window(columns, rows)

    def read(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self.master], [], [], left)
            if not ready:
                return
            piece = os.read(self.master, 65536)
            self.raw += piece
            self.stream.feed(piece)

    def wait(self, is_so, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if is_so():
                return True
            self.read(0.05)
        return bool(is_so())

    def text(self):
        return "\n".join(self.screen.display)

    def type(self, keys):
        os.write(self.master, keys.encode())

    def press(self, keys, is_so, seconds=8):
        """True when the screen answers a key as it should."""
        self.read(0.2)
        self.type(keys)
        return self.wait(lambda: is_so(self.text()), seconds)

    def start(self, command):
        self.mark = len(self.raw)
        self.type(command + "\n")
        return self.wait(lambda: "DEMO" in self.text() and self.has_price())

    def has_price(self):
        return bool(PRICE.search(self.text().replace(",", "")))

    def child(self):
        """The process the shell has started; None when there is none."""
        with open(f"/proc/{self.shell}/task/{self.shell}/children") as children:
            pids = children.read().split()
        return int(pids[0]) if pids else None

    def has_ended(self, seconds=20):
        return self.wait(lambda: self.child() is None, seconds)

    def status(self):
        """The shell's `$?` of what ended last."""
        self.read(0.3)
        self.screen.reset()
        self.type("echo status=$?=\n")
        self.wait(lambda: re.search(r"status=\d+=", self.text()))
        found = re.search(r"status=(\d+)=", self.text())
        return int(found.group(1)) if found else -1

    def restored(self):
        """Whether the terminal is as it was before the program."""
        self.read(0.3)
        raw = self.raw[self.mark:]
        found = {
            "modes": termios.tcgetattr(self.slave) == self.before,
            "entered": b"\x1b[?1049h" in raw,
            "alternate_left": raw.rfind(b"\x1b[?1049l") > raw.rfind(b"\x1b[?1049h"),
            "cursor_shown": raw.rfind(b"\x1b[?25h") > raw.rfind(b"\x1b[?25l"),
        }
        for mode in (b"1000", b"1002", b"1003", b"1004", b"1006", b"2004"):
            if (on := raw.rfind(b"\x1b[?" + mode + b"h")) >= 0:
                found[f"mode_{mode.decode()}_off"] = raw.rfind(b"\x1b[?" + mode + b"l") > on
        return found

    def close(self):
        if (pid := self.child()) is not None:
            os.kill(pid, signal.SIGKILL)
        os.kill(self.shell, signal.SIGKILL)
        os.waitpid(self.shell, 0)


def keys(session, scratch):
    """Every key once; each answer is what the screen showed."""
    seen = {}
    press = session.press
    # A first anomaly, for `a`.
    seen["anomaly"] = session.wait(lambda: "\u26a0" in session.text())
    seen["help"] = press("?", lambda text: "KEYS" in text and "focus" in text)
    seen["help_closes"] = press("x", lambda text: "KEYS" not in text)
    seen["drill"] = press("\r", lambda text: "Esc back" in text and "AAPL" in text)
    seen["back"] = press("\x1b", lambda text: "NVDA" in text and "Esc back" not in text)
    seen["filter"] = press("/", lambda text: "excludes" in text)
    seen["filter_acts"] = press("NV", lambda text: "/NV" in text and "\u25b8 NVDA" in text)
    seen["filter_stays"] = press("\r", lambda text: "excludes" not in text and "/NV" in text)
    seen["filter_clears"] = press("\x1b", lambda text: "/NV" not in text)
    seen["zoom"] = press("z", lambda text: "Esc back" in text)
    seen["zoom_ends"] = press("z", lambda text: "Esc back" not in text)
    seen["anomalies"] = press("5", lambda text: "5 ANOMALIES" in text)
    seen["acknowledges"] = press("a", lambda text: "\u2713" in text)
    seen["export"] = press("e", lambda text: "EXPORT" in text)
    seen["export_says_where"] = press("j", lambda text: "ticktop-" in text or ".json" in text)
    files = [name for name in os.listdir(scratch) if name.endswith(".json")]
    seen["export_written"] = len(files) == 1 and "AAPL" in open(f"{scratch}/{files[0]}").read()
    if files:
        with open(f"{scratch}/{files[0]}") as exported:
            seen["export_is_json"] = isinstance(json.load(exported), dict)
    seen["freeze"] = press(" ", lambda text: "FROZEN" in text.upper() or "PAUSED" in text.upper())
    seen["freeze_ends"] = press(" ", lambda text: "FROZEN" not in text.upper())
    return seen


def resize(session, _):
    """The window changes while the program runs: what is drawn fits the new size."""
    seen = {}
    for columns, rows in ((120, 40), (40, 10), (200, 50), (20, 5), (80, 24)):
        session.read(0.3)
        session.resize(columns, rows)
        session.screen.reset()
        name = f"{columns}x{rows}"
        seen[name] = session.wait(lambda: session.has_price() or "DEMO" in session.text())
        session.type("\x0c")
        seen[name + "_drawn"] = session.wait(session.has_price)
    return seen


def suspend(session, _):
    """Ctrl-Z gives the shell its terminal back, and fg draws everything anew."""
    seen = {}
    session.read(0.5)
    session.type("\x1a")
    stopped = session.wait(lambda: b"Stopped" in session.raw[session.mark:])
    seen["stops"] = stopped
    seen.update({f"stopped_{name}": so for name, so in session.restored().items()})
    session.mark = len(session.raw)
    session.screen.reset()
    session.type("fg\n")
    seen["comes_back"] = session.wait(lambda: "DEMO" in session.text() and session.has_price())
    seen["keys_work"] = session.press("?", lambda text: "KEYS" in text)
    session.type("x")
    return seen


def end_by(session, name):
    """A signal ends the program; 128 + its number is what the shell hears."""
    session.read(0.5)
    number = getattr(signal, name)
    os.kill(session.child(), number)
    seen = {"ends": session.has_ended()}
    seen.update(session.restored())
    seen["status"] = session.status() == 128 + number
    return seen


def main():
    program, scratch, columns, rows, scenario = sys.argv[1:]
    session = Session(scratch, int(columns), int(rows))
    seen = {"starts": session.start(f"{program} --store {scratch}/store --port 0")}
    try:
        if scenario.startswith("end:"):
            seen.update(end_by(session, scenario[4:]))
        else:
            acts = {"keys": keys, "resize": resize, "suspend": suspend}
            seen.update(acts[scenario](session, scratch))
            session.read(0.2)
            session.type("q")
            seen["quits"] = session.has_ended()
            seen.update(session.restored())
            seen["status"] = session.status() == 0
    finally:
        session.close()
    failed = [name for name, so in seen.items() if not so]
    print(json.dumps({"seen": len(seen), "failed": failed, "screen": session.text() if failed else ""}))


main()
