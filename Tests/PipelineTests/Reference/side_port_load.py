"""Loads the side port of a running ticktop and says how the engine fares.

Usage: side_port_load.py ADDRESS PID SECONDS --slow N --half-open N --streams N [--provider PID]

Three spans of SECONDS each, the first left alone:
  * `crowd`: N WebSockets that ask for everything and never read, and N connections that have sent half a request (again and
    again, for each that is closed).
  * `streams`: N WebSockets that read the prices of a ticker.
Prints for each span what the engine did, by the program's own histogram, and what the process took: memory, and time of the
processor. `sockets` is how many WebSockets it holds at the end of the span: it closes those that do not read. `still_seconds` is
the longest time in which nothing was received; when that is long, `told` says what each thread of the program and of its
provider and each connection was doing then.

Ends with a message when the program goes, or when nobody waits for the answer any more."""

import argparse
import asyncio
import collections
import json
import os
import pathlib
import re
import resource
import socket
import struct
import time

HANDSHAKE = ("GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")
TICKS = os.sysconf("SC_CLK_TCK")
PARENT = os.getppid()
# Nothing received for so long is told of.
STILL_SECONDS = 3


class Program:
    def __init__(self, address, pid, provider):
        self.address, self.pid, self.provider = address, pid, provider
        self.host, port = address.removeprefix("http://").split(":")
        self.port = int(port)

    def metrics(self):
        # The port may be full of the others: this connection is kept from the beginning.
        for attempt in range(3):
            try:
                if attempt or not hasattr(self, "link"):
                    import http.client

                    self.link = http.client.HTTPConnection(self.host, self.port, timeout=60)
                self.link.request("GET", "/metrics")
                return self.link.getresponse().read().decode()
            except OSError:
                if attempt == 2:
                    raise
            except http.client.HTTPException:
                if attempt == 2:
                    raise

    def reading(self):
        text = self.metrics()
        find = lambda pattern: [float(value) for value in re.findall(pattern, text, re.MULTILINE)]
        names = r'^ticktop_processing_latency_seconds_bucket\{le="([^"]+)"\} (\S+)'
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return {
            "at": time.monotonic(),
            "buckets": [(float(edge), float(count)) for edge, count in re.findall(names, text, re.MULTILINE)],
            "received": sum(find(r"^ticktop_tick_messages_received_total\{[^}]*\} (\S+)")),
            "shed": sum(find(r'^ticktop_tick_messages_total\{[^}]*class="shed"\} (\S+)')),
            "sockets": sum(find(r"^ticktop_active_websocket_connections (\S+)")),
            "processor": (int(fields[11]) + int(fields[12])) / TICKS,
            "mib": self.mib(),
        }

    def mib(self):
        return int(pathlib.Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * 4096 / 2**20

    def require_life(self):
        """Both of the program and of who has asked."""
        try:
            state = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            state = "gone"
        if state in ("gone", "Z", "X"):
            raise SystemExit(f"the program {self.pid} has ended")
        if os.getppid() != PARENT:
            raise SystemExit("nobody waits for the figures any more")

    def doings(self):
        """Of each thread: name, state, where it waits, its processor time; of each connection with bytes under way: its queues."""
        lines = []
        tasks = [task for pid in (self.pid, self.provider) if pid for task in pathlib.Path(f"/proc/{pid}/task").iterdir()]
        for task in tasks:
            try:
                fields = (task / "stat").read_text().rsplit(")", 1)[1].split()
                lines.append(f"{task.parts[2]} {(task / 'comm').read_text().strip()} {fields[0]} {(task / 'wchan').read_text()} {fields[11]}+{fields[12]}")
            except OSError:
                continue
        queues = collections.Counter()
        for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]:
            _, here, there, state, waiting = line.split()[:5]
            queues[f"{int(here[-4:], 16)}-{int(there[-4:], 16)} state {state}" if waiting != "00000000:00000000" else "empty"] += 1
        return lines + [f"{connection}: {count}" for connection, count in queues.most_common(40)]

    async def span(self, seconds):
        """What happens in the meantime."""
        loop = asyncio.get_running_loop()
        before, most = await loop.run_in_executor(None, self.reading), 0.0
        after, moved, still, told = before, before, 0.0, None
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for _ in range(4):
                await asyncio.sleep(0.25)
                self.require_life()
                most = max(most, self.mib())
            after = await loop.run_in_executor(None, self.reading)
            if after["received"] > moved["received"]:
                moved = after
            still = max(still, after["at"] - moved["at"])
            if still > STILL_SECONDS and not told:
                told = self.doings()
        counts = [(edge, count - old) for (edge, count), (_, old) in zip(after["buckets"], before["buckets"])]
        total = counts[-1][1]
        passed = after["at"] - before["at"]
        return {
            "events_per_second": (after["received"] - before["received"]) / passed,
            "shed": after["shed"] - before["shed"],
            "within_10ms": next(count for edge, count in counts if edge == 0.01) / total if total else 1,
            "p99_at_most_ms": next(edge for edge, count in counts if count >= 0.99 * total) * 1000,
            "cores": (after["processor"] - before["processor"]) / passed,
            "mib_most": most,
            "sockets": after["sockets"],
            "still_seconds": still,
            "told": told,
        }


def text_frame(text):
    payload = text.encode()
    assert len(payload) < 126
    return bytes([129, 128 | len(payload)]) + b"\0\0\0\0" + payload


async def slow_reader(program, stop):
    """Asks for everything and reads nothing."""
    loop = asyncio.get_running_loop()
    everything = text_frame('{"type":"subscribe","symbols":["*"],"channels":["*"]}')
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.setblocking(False)
        await loop.sock_connect(peer, (program.host, program.port))
        await loop.sock_sendall(peer, HANDSHAKE.format(path="/ws", host=program.host).encode() + everything)
        await stop.wait()


async def half_open(program, stop):
    loop = asyncio.get_running_loop()
    while not stop.is_set():
        peer = socket.socket()
        peer.setblocking(False)
        try:
            await asyncio.wait_for(loop.sock_connect(peer, (program.host, program.port)), 30)
            await loop.sock_sendall(peer, b"GET /quotes/AAPL HTTP/1.1\r\nHos")
            await asyncio.wait_for(loop.sock_recv(peer, 4096), 30)
        except (OSError, TimeoutError):
            await asyncio.sleep(0.1)
        finally:
            peer.close()


class Listener(asyncio.Protocol):
    """Counts the messages of the server without taking them apart, and answers its pings."""

    def __init__(self, program, path, counts):
        self.program, self.path, self.counts, self.rest, self.is_open = program, path, counts, b"", False

    def connection_made(self, transport):
        self.transport = transport
        transport.write(HANDSHAKE.format(path=self.path, host=self.program.host).encode())

    def data_received(self, data):
        data = self.rest + data
        if not self.is_open:
            head, mark, data = data.partition(b"\r\n\r\n")
            if not mark:
                self.rest = head
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self.is_open = True
            self.counts["open"] += 1
        at = 0
        while len(data) - at >= 4:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = struct.unpack_from("!H", data, at + 2)[0], at + 4
            if len(data) - start < length:
                break
            self.counts["messages"] += (data[at] & 15) == 1
            if data[at] & 15 == 9:
                self.transport.write(b"\x8a\x80\0\0\0\0")
            at = start + length
        self.rest = data[at:]


async def crowd(program, options):
    stop = asyncio.Event()
    tasks = [asyncio.create_task(slow_reader(program, stop)) for _ in range(options.slow)]
    await asyncio.sleep(1)
    tasks += [asyncio.create_task(half_open(program, stop)) for _ in range(options.half_open)]
    try:
        return await program.span(options.seconds)
    finally:
        # A task that is cancelled in the same moment in which its connection is refused goes on: it needs to be told, too.
        stop.set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def streams(program, options):
    loop, counts, transports = asyncio.get_running_loop(), collections.Counter(), []
    for number in range(options.streams):
        path = "/ws/prices/" + ["AAPL", "NVDA", "MSFT", "AMZN", "TSLA"][number % 5]
        transport, _ = await loop.create_connection(
            lambda path=path: Listener(program, path, counts), program.host, program.port)
        transports.append(transport)
    await asyncio.sleep(2)
    before = counts["messages"]
    figures = await program.span(options.seconds)
    figures["messages_per_second"] = (counts["messages"] - before) / options.seconds
    figures["open"] = counts["open"]
    for transport in transports:
        transport.abort()
    return figures


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("pid", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--slow", type=int, default=100)
    parser.add_argument("--half-open", type=int, default=1000)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--provider", type=int)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    program = Program(options.address, options.pid, options.provider)
    program.metrics()
    found = {"alone": await program.span(options.seconds)}
    if options.slow or options.half_open:
        found["crowd"] = await crowd(program, options)
        await asyncio.sleep(1)
    if options.streams:
        found["streams"] = await streams(program, options)
    print(json.dumps(found))


asyncio.run(main())
