"""Ends the session of a group's members with a client id, as a broker does when it has not heard of them in time.

The broker of the tests never notices that a member is gone. Arguments: HOST:PORT, the group, the client id. Prints
how many members it was."""

import socket
import struct
import sys


def text(value):
    return struct.pack(">h", len(value.encode())) + value.encode()


def ask(address, key, body):
    """Version 0 of a request; the answer behind its header."""
    host, port = address.split(":")
    request = struct.pack(">hhi", key, 0, 1) + text("coordinator") + body
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        stream = connection.makefile("rb")
        (length,) = struct.unpack(">i", stream.read(4))
        return stream.read(length)[4:]


class Reader:
    def __init__(self, data):
        self.data = data

    def take(self, count):
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def number(self, format):
        return struct.unpack(format, self.take(struct.calcsize(format)))[0]

    def text(self):
        return self.take(max(0, self.number(">h"))).decode()

    def skip_bytes(self):
        self.take(max(0, self.number(">i")))


address, group, client = sys.argv[1:]
answer = Reader(ask(address, 15, struct.pack(">i", 1) + text(group)))
gone = []
for _ in range(answer.number(">i")):
    error = answer.number(">h")
    assert error == 0, f"describe: {error}"
    for _ in range(4):
        answer.text()
    for _ in range(answer.number(">i")):
        member, name, _ = answer.text(), answer.text(), answer.text()
        answer.skip_bytes()
        answer.skip_bytes()
        if name == client:
            gone.append(member)
for member in gone:
    error = Reader(ask(address, 13, text(group) + text(member))).number(">h")
    assert error in (0, 25), f"leave: {error}"
print(len(gone))
