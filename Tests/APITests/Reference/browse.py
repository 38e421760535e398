"""Opens the documentation page of the server at argv[1] in a headless Chromium, light and dark, and tries a route.

Writes docs-light.png and docs-dark.png into argv[2]; prints what it saw as JSON."""

import asyncio
import base64
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zlib

import websockets

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]


def first_pixel(png: bytes) -> int:
    """The brightness of the corner: every PNG filter leaves the first pixel as it is."""
    raw = zlib.decompressobj().decompress(b"".join(chunks(png, b"IDAT")))
    return sum(raw[1:4]) // 3


def chunks(png: bytes, kind: bytes):
    at = 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == kind:
            yield png[at + 8 : at + 8 + length]
        at += 12 + length


async def main(url: str, folder: pathlib.Path, profile: str) -> dict:
    browser = next(path for path in map(shutil.which, BROWSERS) if path)
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]
    options += ["--remote-debugging-port=0", f"--user-data-dir={profile}", "--no-first-run", "--window-size=1100,1400"]
    process = subprocess.Popen([browser, *options, "about:blank"], stderr=subprocess.PIPE, text=True)
    try:
        address = next(line.split()[-1] for line in process.stderr if "DevTools listening on" in line)
        port = address.split(":")[2].split("/")[0]
        tabs = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list"))
        tab = next(tab for tab in tabs if tab["type"] == "page")
        async with websockets.connect(tab["webSocketDebuggerUrl"], max_size=None, proxy=None) as socket:
            return await look(Session(socket), url, folder)
    finally:
        process.kill()
        process.wait()


class Session:
    def __init__(self, socket):
        self.socket, self.id, self.asked, self.complaints = socket, 0, [], []

    async def call(self, method, **parameters):
        self.id += 1
        await self.socket.send(json.dumps({"id": self.id, "method": method, "params": parameters}))
        while True:
            message = json.loads(await asyncio.wait_for(self.socket.recv(), 30))
            if message.get("id") == self.id:
                return message["result"]
            if message.get("method") == "Network.requestWillBeSent":
                self.asked.append(message["params"]["request"]["url"])
            if message.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                if message["params"].get("entry", {}).get("level") != "verbose":
                    self.complaints.append(json.dumps(message["params"])[:500])

    async def value(self, expression):
        return (await self.call("Runtime.evaluate", expression=expression))["result"].get("value")

    async def until(self, expression):
        for _ in range(100):
            if await self.value(expression):
                return
            await asyncio.sleep(0.1)
        raise TimeoutError(expression)


async def look(page: Session, url: str, folder: pathlib.Path) -> dict:
    for domain in ("Network", "Page", "Runtime", "Log"):
        await page.call(domain + ".enable")
    await page.call("Page.navigate", url=url)
    await page.until("document.querySelectorAll('details').length > 10")
    routes = await page.value("[...document.querySelectorAll('summary code')].map(n => n.textContent).join(' ')")
    await page.value("const box = document.getElementById('get_quotes_ticker'); box.open = true;"
                     "box.querySelector('button').click()")
    await page.until("box.querySelector('pre').textContent.length > 100")
    corners = {}
    for scheme in ("light", "dark"):
        await page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        shot = base64.b64decode((await page.call("Page.captureScreenshot", format="png"))["data"])
        (folder / f"docs-{scheme}.png").write_bytes(shot)
        corners[scheme] = first_pixel(shot)
    return {
        "routes": routes.split(),
        "tried": await page.value("box.querySelector('pre').textContent"),
        "light": corners["light"],
        "dark": corners["dark"],
        "asked": page.asked,
        "complaints": page.complaints,
    }


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    print(json.dumps(asyncio.run(main(sys.argv[1], pathlib.Path(sys.argv[2]), profile))))
