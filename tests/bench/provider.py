"""A provider for measuring: answers every REST request with a call, after a given time, and tells when each arrived.

    python -m tests.bench.provider <port> <seconds>

``GET /arrived`` gives and forgets the arrivals so far: [monotonic seconds, id of the leg] pairs. One thread.
"""

import asyncio
import json
import re
import sys
import time
from urllib.parse import parse_qs

from tests.bench.recorded import sid_of

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
LEG = re.compile(r"/Calls/(\w+)\.json")


class Provider:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.arrived: list[tuple[float, str]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                found = LENGTH.search(head)
                body = await reader.readexactly(int(found[1])) if found else b""
                status, answer = await self.answer(head.decode().split(" ", 2), body.decode())
                text = json.dumps(answer).encode()
                writer.write(b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                             % (status, len(text), text))  # fmt: skip
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def answer(self, request: list[str], body: str) -> tuple[int, object]:
        method, target = request[0], request[1]
        if target == "/arrived":
            told, self.arrived = self.arrived, []
            return 200, told
        if "/Conferences" in target:  # an announcement: its room, then its participant
            await asyncio.sleep(self.seconds)
            return 200, conference(target.partition("?")[0])
        leg = LEG.search(target)
        if leg is None and method == "POST":  # a new leg: the same id as in the recording's copy
            call, name, *_ = parse_qs(body)["Url"][0].partition("/voice/")[2].split("/")
            sid = sid_of(call, name)
        else:
            sid = leg[1] if leg else ""
        self.arrived.append((time.monotonic(), sid))
        if self.seconds:
            await asyncio.sleep(self.seconds)
        return 200 if leg else 201, {"sid": sid, "status": "in-progress"}


def conference(path: str) -> object:
    """Rooms, the people in one, or one of them. A list with other keys beside it cannot be read by twilio-python."""
    if path.endswith("/Conferences.json"):
        return {"conferences": [{"sid": "CF1", "status": "in-progress"}]}
    return {"participants": []} if path.endswith("/Participants.json") else {"call_sid": "CA1"}


async def main(port: int, seconds: float) -> None:
    server = await asyncio.start_server(Provider(seconds).serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
