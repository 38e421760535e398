"""A Massive-like server on the `websockets` library, to check our client against another implementation.

websocket_server.py MODE PORT_FILE: listens on a free port, writes it to PORT_FILE, serves one scenario and
prints what it saw as JSON.
"""
import asyncio
import json
import logging
import os
import socket
import sys

import websockets
from websockets.asyncio.server import serve

mode, port_file = sys.argv[1:3]
# A client that resets its connection is what some scenarios are about: no traceback for that.
logging.getLogger("websockets").addHandler(logging.NullHandler())
logging.getLogger("websockets").propagate = False
seen = {"path": None, "subscribed": [], "auth": None, "pong": False, "connections": 0, "close": None,
        "close codes": []}
done = asyncio.Event()


def status(kind, message=""):
    return json.dumps([{"ev": "status", "status": kind, "message": message}])


def trade(number):
    return {"ev": "T", "sym": "AAPL", "i": str(number), "x": 4, "p": 231.44, "s": 100,
            "t": 1767286799123, "q": number, "z": 3}


async def massive(connection):
    seen["connections"] += 1
    last = mode != "too-large" or seen["connections"] == 3
    try:
        await converse(connection)
        async for _ in connection:
            pass
    except websockets.ConnectionClosed:
        pass  # Whenever the client has had enough.
    seen["close"] = connection.close_code
    seen["close codes"].append(connection.close_code)
    if last:
        done.set()


async def converse(connection):
    seen["path"] = connection.request.path
    await connection.send(status("connected", "Connected Successfully"))
    seen["auth"] = json.loads(await connection.recv())["params"]
    await connection.send(status("auth_success", "authenticated"))
    topics = json.loads(await connection.recv())["params"].split(",")
    seen["subscribed"].append(topics)
    await connection.send(json.dumps(
        [{"ev": "status", "status": "success", "message": "subscribed to: " + t} for t in topics]))
    if mode == "fragments":
        text = json.dumps([trade(1), trade(2)])
        await connection.send([text[:5], text[5:30], text[30:]])
        waiter = await connection.ping(b"still there?")
        await asyncio.wait_for(waiter, 60)
        seen["pong"] = True
        # Exactly 1 MiB, in one frame and again in fragments.
        whole = json.dumps([trade(3), {"ev": "X", "pad": ""}])
        whole = whole.replace('"pad": ""', '"pad": "' + "x" * ((1 << 20) - len(whole)) + '"')
        assert len(whole) == 1 << 20
        await connection.send(whole)
        await connection.send([whole[:1000], whole[1000:500_000], whole[500_000:]])
        await connection.send(json.dumps([trade(4)]))
    elif mode == "too-large" and seen["connections"] < 3:
        await connection.send(json.dumps([trade(1)]))
        text = "[" + "1," * (1 << 20) + "1]"
        await connection.send(text if seen["connections"] == 1 else [text[:600_000], text[600_000:]])
    else:
        await connection.send(json.dumps([trade(9)]))


async def main():
    async with serve(massive, "127.0.0.1", 0, max_size=None, compression=None) as server:
        port = server.sockets[0].getsockname()[1]
        write_port(port)
        await asyncio.wait_for(done.wait(), 60)


def write_port(port):
    with open(port_file + ".new", "w") as file:
        file.write(str(port))
    os.rename(port_file + ".new", port_file)


def silent():
    """Shakes hands, says hello, and never says a word again, not even to pings. Twice."""
    import base64
    import hashlib
    listener = socket.create_server(("127.0.0.1", 0))
    write_port(listener.getsockname()[1])
    held = []
    for _ in range(2):
        client, _ = listener.accept()
        client.settimeout(60)
        request = b""
        while b"\r\n\r\n" not in request:
            request += client.recv(4096)
        key = [line.split(b": ")[1] for line in request.split(b"\r\n")
               if line.lower().startswith(b"sec-websocket-key")][0]
        accept = base64.b64encode(
            hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        hello = status("success", "subscribed to: T.AAPL").encode()
        client.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n"
                       + bytes([0x81, len(hello)]) + hello)
        held.append(client)
        seen["connections"] += 1
    # Read on until the client has given up for good: a socket closed with unread bytes would take the hello with it.
    try:
        while held[-1].recv(4096):
            pass
    except OSError:
        pass


if mode == "silent":
    silent()
else:
    asyncio.run(main())
print(json.dumps(seen))
