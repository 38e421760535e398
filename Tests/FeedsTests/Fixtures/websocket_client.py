"""A Massive client on the `websockets` library and plain HTTP, to check our simulator against another implementation.

websocket_client.py PORT: speaks the protocol, and prints what it saw as JSON.
"""
import asyncio
import json
import sys
import urllib.error
import urllib.request

import websockets

port = sys.argv[1]
seen = {}


async def talk():
    async with websockets.connect(f"ws://127.0.0.1:{port}/stocks") as socket:
        seen["greeting"] = json.loads(await socket.recv())
        await socket.send(json.dumps({"action": "subscribe", "params": "T.AAPL"}))
        seen["early"] = json.loads(await socket.recv())
        await socket.send(json.dumps({"action": "auth", "params": "any"}))
        seen["auth"] = json.loads(await socket.recv())
        await socket.send(json.dumps({"action": "subscribe", "params": "T.AAPL,Q.AAPL,XX.AAPL"}))
        seen["subscribe"] = json.loads(await socket.recv())
        events = []
        while len(events) < 60:
            events += json.loads(await socket.recv())
        seen["kinds"] = sorted({(event["ev"], event["sym"]) for event in events})
        await socket.send(json.dumps({"action": "unsubscribe", "params": "Q.AAPL"}))
        while True:
            frame = json.loads(await socket.recv())
            if frame[0]["ev"] == "status":
                seen["unsubscribe"] = frame
                break
        after = []
        while len(after) < 20:
            after += json.loads(await socket.recv())
        seen["kinds after"] = sorted({event["ev"] for event in after})
        waiter = await socket.ping()
        await asyncio.wait_for(waiter, 60)
        seen["pong"] = True
    try:
        async with websockets.connect(f"ws://127.0.0.1:{port}/stocks") as socket:
            await socket.recv()
            await socket.send(json.dumps({"action": "auth", "params": "bad"}))
            seen["refused"] = json.loads(await socket.recv())
            await socket.recv()
    except websockets.ConnectionClosed as closed:
        seen["refused close"] = closed.rcvd.code


def get(path, key="any"):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Authorization": "Bearer " + key})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


asyncio.run(talk())
seen["prev"] = get("/v2/aggs/ticker/AAPL/prev")
seen["unknown"] = get("/v2/aggs/ticker/ZZZZ/prev")[0]
seen["bad key"] = get("/v2/aggs/ticker/AAPL/prev", "bad")
code, body = get("/v2/aggs/ticker/AAPL/range/1/minute/2000-01-01/2099-01-01?limit=50000")
seen["bars"] = [code, body["resultsCount"], len(body["results"]), body["results"][0]]
code, news = get("/api/v1/company-news?symbol=AAPL&from=2000-01-01&to=2099-01-01")
seen["news"] = [code, len(news), news[0]]
print(json.dumps(seen))
