"""A Binance-like server on the `websockets` library: combined streams, trades with contiguous ids, best bid and ask.

binance_server.py MODE PORT_FILE: listens on a free port, writes it to PORT_FILE, plays its scenario until the client
stays away, and prints what it saw and sent as JSON.

  renewed  trades to four connections, each until the client closes it
  losing   three connections, of which the first two end: BTCUSDT loses ids 1101 to 1103 on the way and 1301 to 1310
           between the first two connections (the server announced its shutdown), one trade is overtaken by the next,
           the third connection repeats five trades; ETHUSDT loses nothing
"""
import asyncio
import json
import logging
import os
import signal
import sys
import time

import websockets
from websockets.asyncio.server import serve
from websockets.datastructures import Headers
from websockets.http11 import Response

mode, port_file = sys.argv[1:3]
logging.getLogger("websockets").addHandler(logging.NullHandler())
logging.getLogger("websockets").propagate = False

PACE = 0.002
seen = {"paths": [], "close codes": [], "trades": 0, "quotes": 0, "ids": {"BTCUSDT": [], "ETHUSDT": []}}
over = asyncio.Event()
quotes = 400_900_000


def frame(stream, payload):
    return json.dumps({"stream": stream, "data": payload}, separators=(",", ":"))


async def trade(connection, symbol, number):
    now = int(time.time() * 1000)
    price = "88120.01000000" if symbol == "BTCUSDT" else "3120.50000000"
    await connection.send(frame(symbol.lower() + "@trade", {
        "e": "trade", "E": now, "s": symbol, "t": number, "p": price, "q": "0.00120000", "T": now, "m": True,
        "M": True}))
    seen["trades"] += 1
    seen["ids"][symbol].append(number)


async def quote(connection, symbol):
    global quotes
    quotes += 1
    await connection.send(frame(symbol.lower() + "@bookTicker", {
        "u": quotes, "s": symbol, "b": "88120.00000000", "B": "0.50000000", "a": "88120.01000000",
        "A": "0.20000000"}))
    seen["quotes"] += 1


async def trades(connection, numbers):
    """Of BTCUSDT, with a quote after every tenth and an ETHUSDT trade after every second."""
    for number in numbers:
        await trade(connection, "BTCUSDT", number)
        if number % 10 == 0:
            await quote(connection, "BTCUSDT")
        if number % 2 == 0:
            ether = seen["ids"]["ETHUSDT"]
            await trade(connection, "ETHUSDT", ether[-1] + 1 if ether else 500)
        await asyncio.sleep(PACE)


async def lose(connection):
    turn = len(seen["paths"])
    if turn == 1:
        await trades(connection, range(1000, 1101))
        await trades(connection, [*range(1104, 1150), 1151, 1150, *range(1152, 1301)])
        await connection.send(json.dumps({"e": "serverShutdown", "E": int(time.time() * 1000)}))
        await connection.wait_closed()  # Whatever trades until the client is back is lost.
    elif turn == 2:
        await trades(connection, range(1311, 1500))
        await connection.close(1001, "going away")
    else:
        await trades(connection, range(1495, 1700))
        await connection.wait_closed()


async def converse(connection):
    seen["paths"].append(connection.request.path)
    try:
        if mode == "losing":
            await lose(connection)
        else:
            for number in range(1, 1_000_000):
                await trade(connection, "BTCUSDT", len(seen["ids"]["BTCUSDT"]) + 1)
                await asyncio.sleep(PACE)
    except websockets.ConnectionClosed:
        pass
    await connection.wait_closed()
    seen["close codes"].append(connection.close_code)
    if len(seen["close codes"]) == (3 if mode == "losing" else 4):
        over.set()


def answer_rest(connection, request):
    """The REST of the same host: no history."""
    if request.headers.get("Upgrade") is None:
        return Response(200, "OK", Headers({"Content-Type": "application/json", "Content-Length": "2"}), b"[]")


async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    async with serve(converse, "127.0.0.1", 0, compression=None, process_request=answer_rest) as server:
        with open(port_file + ".new", "w") as file:
            file.write(str(server.sockets[0].getsockname()[1]))
        os.rename(port_file + ".new", port_file)
        await asyncio.wait_for(over.wait(), 300)


asyncio.run(main())
print(json.dumps(seen))
