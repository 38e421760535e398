"""unwritten_bytes.py FILE: bytes of FILE that are in memory and not on the disk yet; nothing where Linux (before 6.5) cannot tell."""
import ctypes
import os
import struct
import sys

CACHESTAT = 451
libc = ctypes.CDLL(None, use_errno=True)
file = os.open(sys.argv[1], os.O_RDONLY)
whole = struct.pack("QQ", 0, 0)
answer = ctypes.create_string_buffer(40)
if libc.syscall(CACHESTAT, file, whole, answer, 0) == 0:
    _, dirty, writing, _, _ = struct.unpack("5Q", answer.raw)
    print((dirty + writing) * os.sysconf("SC_PAGE_SIZE"))
