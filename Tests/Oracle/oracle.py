"""An independent recomputation of everything ticktop computes from a log, compared with what it did compute.

    oracle.py frames|recording COURSE SEED EVENTS OUT     write a raw log (stream.py)
    oracle.py events LOG                                  print its events, for a caller that has no decoder
    oracle.py figures LOG EVERY < ANSWERS                 compare the figures after each n-th applied trade
    oracle.py store LOG DATABASE [SECONDS]                compare the tables a replay left behind; SECONDS of lateness

The comparisons print what differs, at most a few lines of each kind, and then one line that begins with `agree` or
`differ` and says how much was compared.
"""
import sys
from decimal import Decimal

import compare
import stream
import wire
from definitions import SECOND
from market import Settings


def main():
    command, *arguments = sys.argv[1:]
    if command in ("frames", "recording"):
        course, seed, events, out = arguments
        write = stream.write_frames if command == "frames" else stream.write_recording
        write(out, seed, course, int(events))
    elif command == "events":
        compare.print_events(wire.read(arguments[0]))
    elif command == "figures":
        compare.figures(wire.read(arguments[0]), int(arguments[1]), sys.stdin)
    elif command == "store":
        if len(arguments) > 2:
            Settings.lateness = int(Decimal(arguments[2]) * SECOND)
        compare.store(arguments[0], arguments[1])
    else:
        sys.exit(__doc__)


main()
