"""Drives a terminal program in a pseudo-terminal, as a person at a shell does.

Standard input: {"program": PATH, "sessions": [{"name", "columns", "rows", "directory",
"environment", "bytesPerSecond", "steps": [...]}]}. The sessions run at the same time, each in a
terminal of its own. With "bytesPerSecond" a slow line lies between program and terminal, with room
for everything on its way, as a connection by SSH has. The terminal answers what it is asked.

Steps, each an object with one of:
  start: [ARGUMENT, ...]   start the program as the foreground job of a job-control shell
                           ("environment": beside the session's)
  see: REGEX               wait until the screen matches ("seconds": at most so long, 40 by default)
  lose: REGEX              wait until it no longer does
  differ: NAME             wait until what matches "pattern" is no longer what it was at that look
  files: [ENDING, COUNT]   wait until the directory holds so many files with that ending
  type: TEXT               send keys
  resize: [COLUMNS, ROWS]  as a terminal window that is dragged
  signal: NUMBER           to the program alone
  wait: SECONDS            only read
  stopped: true            wait until the job is stopped
  foreground: true         `fg`: give the job the terminal and continue it
  hangUp: true            the terminal goes away
  end: true                wait until the program has ended
  look: NAME               note what there is to see, once nothing has arrived for a moment

Standard output: for each session its looks, and `trouble`: the first step that did not come to pass.
"""
import fcntl
import json
import os
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time
import traceback

from terminal_display import Display, Stream

PATIENCE = 40.0


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def be_shell(slave, report, program, arguments, directory, environment):
    """A job-control shell with one job: the program. Says on `report` what becomes of it."""
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for number in (signal.SIGTTOU, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    say = lambda text: os.write(report, (text + "\n").encode())
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(slave, os.getpid())
        for number in (signal.SIGTTOU, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        for descriptor in (0, 1, 2):
            os.dup2(slave, descriptor)
        os.closerange(3, 256)
        os.chdir(directory)
        os.execve(program, [program, *arguments], environment)

    def foreground(*_):
        os.tcsetpgrp(slave, job)
        os.killpg(job, signal.SIGCONT)

    signal.signal(signal.SIGUSR1, foreground)
    signal.signal(signal.SIGHUP, lambda *_: os.killpg(job, signal.SIGHUP))
    say(f"job {job}")
    while True:
        _, status = os.waitpid(job, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            os.tcsetpgrp(slave, os.getpgrp())
            say("stopped")
        elif os.WIFSIGNALED(status):
            return say(f"killed {os.WTERMSIG(status)}")
        else:
            return say(f"exited {os.WEXITSTATUS(status)}")


class NotSeen(Exception):
    pass


class Session:
    def __init__(self, program, plan):
        self.program, self.plan = program, plan
        self.master, self.slave = os.openpty()
        resize(self.master, plan["columns"], plan["rows"])
        self.display = Display(plan["columns"], plan["rows"], self.answer)
        self.stream = Stream(self.display)
        self.settings = termios.tcgetattr(self.slave)
        self.modes = sorted(self.display.modes)
        self.shell = self.job = self.report = None  # Processes, and the shell's pipe.
        self.state, self.number = "none", None
        self.looks = {}
        self.bytes = 0
        self.rate = plan.get("bytesPerSecond")
        self.line = bytearray()  # On its way to the terminal.
        self.line_most = 0  # Since the last look.
        self.flowed_at = self.typed_at = time.monotonic()
        self.seen_after = 0.0  # From the last key to what was waited for then.

    def run(self):
        trouble = None
        for index, step in enumerate(self.plan["steps"]):
            try:
                self.take(step)
            except NotSeen as reason:
                screen = "\n".join(self.display.picture)
                trouble = f"step {index}, {json.dumps(step)}: {reason}; {self.state}\n{screen}"
                break
        self.end_job()
        return {"looks": self.looks, "trouble": trouble}

    def take(self, step):
        limit = step.get("seconds", PATIENCE)
        if "start" in step:
            self.start(step["start"], {**self.plan["environment"], **step.get("environment", {})})
        elif "see" in step:
            self.until(limit, lambda: self.shows(step["see"]), "not to be seen")
        elif "lose" in step:
            self.until(limit, lambda: not self.shows(step["lose"]), "still to be seen")
        elif "differ" in step:
            pattern = re.compile(step["pattern"])
            before = pattern.findall("\n".join(self.looks[step["differ"]]["screen"]))
            self.until(limit, lambda: self.finds(pattern) not in ([], before), "still the same")
        elif "files" in step:
            ending, count = step["files"]
            names = lambda: os.listdir(self.plan["directory"])
            self.until(
                limit, lambda: sum(name.endswith(ending) for name in names()) >= count, "not there")
        elif "type" in step:
            self.typed_at = time.monotonic()
            os.write(self.master, step["type"].encode())
        elif "resize" in step:
            columns, rows = step["resize"]
            self.display.resize(rows, columns)
            resize(self.master, columns, rows)
        elif "signal" in step:
            os.kill(self.job, step["signal"])
        elif "wait" in step:
            self.read(step["wait"])
        elif "stopped" in step:
            self.until(limit, lambda: self.state == "stopped", "not stopped", dead_is_fine=True)
        elif "foreground" in step:
            self.state = "running"
            os.kill(self.shell, signal.SIGUSR1)
        elif "hangUp" in step:
            os.close(self.master)
            self.master = None
        elif "end" in step:
            ended = lambda: self.state in ("exited", "killed")
            self.until(limit, ended, "not ended", dead_is_fine=True)
            os.waitpid(self.shell, 0)
            self.shell = None
        elif "look" in step:
            self.look(step["look"])
        else:
            raise ValueError(f"unknown step {step}")

    def start(self, arguments, environment):
        os.write(self.slave, b"$ ticktop\r\n")
        self.read(0.05)
        self.report, report = os.pipe()
        self.job, self.state, self.number = None, "running", None
        self.shell = os.fork()
        if self.shell == 0:
            try:
                os.close(self.report)
                if self.master is not None:
                    os.close(self.master)
                be_shell(self.slave, report, self.program, arguments, self.plan["directory"],
                         environment)
                os._exit(0)
            except BaseException as reason:
                os.write(report, f"broken {reason!r}\n".encode())
                os._exit(1)
        os.close(report)
        self.until(PATIENCE, lambda: self.job is not None, "not started")

    def shows(self, pattern):
        return re.search(pattern, "\n".join(self.display.picture)) is not None

    def finds(self, pattern):
        return pattern.findall("\n".join(self.display.picture))

    def until(self, limit, is_so, complaint, dead_is_fine=False):
        end = time.monotonic() + limit
        while True:
            if is_so():
                self.seen_after = time.monotonic() - self.typed_at
                return
            if time.monotonic() > end:
                raise NotSeen(f"{complaint} in {limit} s")
            if self.state in ("exited", "killed", "broken") and not dead_is_fine:
                self.read(0.1)
                if is_so():
                    return
                raise NotSeen(f"the program {self.state} {self.number}")
            self.read(0.05)

    def read(self, seconds):
        """Takes in what arrives for so long; what is there already is always taken."""
        end = time.monotonic() + seconds
        while True:
            sources = [end for end in (self.master, self.report) if end is not None]
            pause = max(0, end - time.monotonic())
            ready, _, _ = select.select(sources, [], [], min(pause, 0.01) if self.rate else pause)
            if not ready and not (self.rate and time.monotonic() < end):
                return
            if self.master in ready:
                arrived = os.read(self.master, 65536)
                self.bytes += len(arrived)
                self.line += arrived
                self.line_most = max(self.line_most, len(self.line))
            self.flow()
            if self.report in ready:
                self.hear(os.read(self.report, 4096).decode())
            if time.monotonic() > end:
                return

    def flow(self):
        """What the line has carried by now reaches the terminal."""
        now = time.monotonic()
        count = len(self.line) if self.rate is None else int(self.rate * (now - self.flowed_at))
        if count == 0 and self.line:
            return
        self.flowed_at = now
        carried = bytes(self.line[:count])
        del self.line[:count]
        self.stream.feed(carried)

    def answer(self, data):
        if self.master is not None:
            os.write(self.master, data)

    def settle(self):
        """Takes in what is being drawn: no look at half a screen, as far as a pause can tell."""
        end = time.monotonic() + 2
        seen = -1
        while self.master is not None and self.bytes != seen and time.monotonic() < end:
            seen = self.bytes
            self.read(0.06)

    def hear(self, text):
        if not text:
            os.close(self.report)
            self.report = None
        for line in text.splitlines():
            word, _, value = line.partition(" ")
            if word == "job":
                self.job = int(value)
            else:
                self.state = word
                self.number = int(value) if value.isdigit() else value or None

    def look(self, name):
        self.settle()
        while self.line and self.state in ("exited", "killed"):
            self.read(0.1)
        gone = self.master is None
        self.looks[name] = {
            "screen": self.display.picture,
            "state": self.state,
            "number": self.number if isinstance(self.number, int) else None,
            "alternate": 1049 in self.display.modes,
            "cursorShown": 25 in self.display.modes,
            "modesAsBefore": sorted(self.display.modes) == self.modes,
            "settingsAsBefore": gone or termios.tcgetattr(self.slave) == self.settings,
            "bytes": self.bytes,
            "clock": time.time(),
            "waiting": self.line_most,
            "seenAfter": self.seen_after,
        }
        self.line_most = len(self.line)

    def end_job(self):
        if self.shell is not None:
            if self.job is not None and self.state not in ("exited", "killed"):
                os.kill(self.job, signal.SIGKILL)
            os.waitpid(self.shell, 0)


def main():
    # Whoever started this may have blocked signals, and a shell's children inherit that.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    task = json.load(sys.stdin)
    running = []
    for plan in task["sessions"]:
        answer = tempfile.TemporaryFile("w+")
        process = os.fork()
        if process == 0:
            status = 1
            try:
                json.dump(Session(task["program"], plan).run(), answer)
                answer.flush()
                status = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        running.append((plan["name"], process, answer))
    seen = {}
    for name, process, answer in running:
        _, status = os.waitpid(process, 0)
        if status:
            sys.exit(f"session {name} broke down")
        answer.seek(0)
        seen[name] = json.load(answer)
    json.dump(seen, sys.stdout)


main()
