"""Talks to the server's WebSockets with the reference client. argv: scenario, port[, token]. Prints what it saw as JSON."""

import base64
import json
import os
import socket
import struct
import sys
import time
from decimal import Decimal

from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

scenario, port = sys.argv[1], int(sys.argv[2])
base = f"ws://127.0.0.1:{port}"


def open_socket(path, **options):
    return connect(base + path, compression=None, proxy=None, **options)


def read(client, timeout=5):
    return json.loads(client.recv(timeout=timeout), parse_float=Decimal)


def ticker():
    """How a market that changes fifty times a second arrives."""
    with open_socket("/ws/prices/AAPL") as client:
        first = read(client)
        seen, began = [], time.monotonic()
        while time.monotonic() - began < 3:
            seen.append(read(client))
    assert all(message["type"] == "prices" and message["ticker"] == "AAPL" for message in seen)
    numbers = [message["sequence_number"] for message in [first] + seen]
    assert numbers == sorted(numbers)
    return {"messages": len(seen), "price": str(first["price"]), "skipped": numbers[-1] - numbers[0] - len(seen)}


def multiplexed():
    everything = ["prices", "bars", "analytics", "anomalies", "news", "health"]
    with open_socket("/ws") as client:
        client.send(json.dumps({"type": "subscribe", "symbols": ["AAPL"], "channels": everything}))
        answer = read(client)
        assert answer == {"type": "subscribed", "symbols": ["AAPL"], "channels": everything}, answer
        types = set()
        while types != set(everything):
            types.add(read(client)["type"])
        client.send('{"type":"ping"}')
        while read(client)["type"] != "pong":
            pass
        client.send(json.dumps({"type": "unsubscribe", "symbols": ["AAPL"], "channels": ["*"]}))
        while read(client)["type"] != "unsubscribed":
            pass
        try:
            raise AssertionError(client.recv(timeout=0.5))
        except TimeoutError:
            pass
        errors = []
        for text in ["{", "[]", '{"type":"buy"}', '{"type":"subscribe"}', '{"type":"subscribe","channels":["odd"]}',
                     '{"type":"subscribe","channels":["prices"]}', '{"type":"subscribe","channels":["prices"],"symbols":["A A"]}',
                     "[" * 30000, json.dumps({"type": "subscribe", "channels": ["*"], "symbols": ["A"] * 2000})]:
            client.send(text)
            answer = read(client)
            assert answer["type"] == "error" and answer["detail"], answer
            errors.append(answer["error"])
        client.send(json.dumps({"type": "subscribe", "symbols": ["*"], "channels": ["prices"]}))
        assert read(client)["type"] == "subscribed"
        tickers = {read(client)["ticker"] for _ in range(2)}
    with open_socket("/ws/analytics/AAPL") as client:
        assert read(client)["type"] == "analytics"
        client.send('{"type":"subscribe","symbols":["*"],"channels":["*"]}')
        while (answer := read(client))["type"] == "analytics":
            pass
        errors.append(answer["error"])
    return {"types": sorted(types), "errors": errors, "all": sorted(tickers)}


def refusals():
    def status(path, host="127.0.0.1", **options):
        try:
            peer = socket.create_connection(("127.0.0.1", port))
            with connect(f"ws://{host}:{port}{path}", sock=peer, proxy=None, **options):
                return 101
        except InvalidStatus as error:
            return error.response.status_code

    token = {"Authorization": "Bearer " + sys.argv[3]}
    return {
        "unknown ticker": status("/ws/prices/NOPE"),
        "malformed ticker": status("/ws/prices/A%20A"),
        "unknown path": status("/ws/nowhere"),
        "no stream": status("/health"),
        "other site": status("/ws", origin="http://evil.test"),
        "own site": status("/ws", origin=f"http://127.0.0.1:{port}"),
        "other host": status("/ws", host="evil.test"),
        "cross-site": status("/ws", additional_headers={"Sec-Fetch-Site": "cross-site"}),
        "token": status("/ws", additional_headers=token),
        "none": status("/ws"),
    }


def raw(*frames):
    """The close code after these bytes on a fresh WebSocket; None when the connection just ends."""
    peer = socket.create_connection(("127.0.0.1", port))
    key = base64.b64encode(os.urandom(16)).decode()
    peer.sendall((f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                  f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())
    peer.settimeout(5)
    head = b""
    while b"\r\n\r\n" not in head:
        head += peer.recv(1)
    assert head.startswith(b"HTTP/1.1 101 "), head
    for frame in frames:
        peer.sendall(frame)
    code = None
    while True:
        try:
            head = peer.recv(2, socket.MSG_WAITALL)
        except ConnectionResetError:
            assert code, "reset without a close frame"
            return code
        if len(head) < 2:
            return code
        length = head[1] & 127
        if length == 126:
            length = struct.unpack("!H", peer.recv(2, socket.MSG_WAITALL))[0]
        payload = peer.recv(length, socket.MSG_WAITALL) if length else b""
        if head[0] & 15 == 8:
            code = struct.unpack("!H", payload[:2])[0]
            if not frames or frames[-1][0] & 15 != 8:
                peer.sendall(masked(8, payload[:2]))


def masked(opcode, payload, final=True, reserved=0):
    length = bytes([128 | len(payload)]) if len(payload) < 126 else (
        bytes([128 | 126]) + struct.pack("!H", len(payload)) if len(payload) < 65536 else
        bytes([128 | 127]) + struct.pack("!Q", len(payload)))
    return bytes([(128 if final else 0) | reserved << 4 | opcode]) + length + b"\0\0\0\0" + payload


def closes():
    ping = b'{"type":"ping"}'
    return {
        "binary": raw(masked(2, b"x")),
        "not UTF-8": raw(masked(1, b"\xff\xfe")),
        "too large": raw(masked(1, b"x" * 70000)),
        "too large in pieces": raw(*[masked(0 if i else 1, b"x" * 30000, final=False) for i in range(3)]),
        "unmasked": raw(bytes([129, 2]) + b"hi"),
        "reserved bit": raw(masked(1, ping, reserved=4)),
        "unknown opcode": raw(masked(3, b"")),
        "long ping": raw(masked(9, b"x" * 126)),
        "continues nothing": raw(masked(0, ping)),
        "too many": raw(*[masked(1, ping)] * 200),
        "clean": raw(masked(8, struct.pack("!H", 1000))),
        "own code": raw(masked(8, struct.pack("!H", 4321))),
        "forbidden code": raw(masked(8, struct.pack("!H", 1005))),
        "pieces are put together": raw(masked(1, b'{"type":', final=False), masked(9, b"now"), masked(0, b'"ping"}'),
                                       masked(8, struct.pack("!H", 1000))),
    }


def slow():
    """A client that stops reading is closed with a reason; one beside it hears on."""
    lazy = socket.socket()
    lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    lazy.connect(("127.0.0.1", port))
    with open_socket("/ws", sock=lazy, max_queue=1) as client, open_socket("/ws/prices/AAPL") as other:
        client.send('{"type":"subscribe","symbols":["*"],"channels":["*"]}')
        heard, began = 0, time.monotonic()
        while time.monotonic() - began < float(sys.argv[3]):
            read(other)
            heard += 1
        try:
            while True:
                client.recv(timeout=5)
        except ConnectionClosed as error:
            return {"code": error.rcvd.code, "reason": error.rcvd.reason, "heard": heard}


def last():
    """Waits for the server to stop."""
    with open_socket("/ws/prices/AAPL") as client:
        try:
            while True:
                client.recv(timeout=20)
        except ConnectionClosed as error:
            return {"code": error.rcvd.code, "reason": error.rcvd.reason}


def silent():
    """A client that answers no ping."""
    return {"code": raw()}


def hello():
    """Opens and closes."""
    return {"code": raw(masked(8, struct.pack("!H", 1000)))}


print(json.dumps(globals()[scenario]()))
