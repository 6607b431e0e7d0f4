"""So many open boards of a running server: each asks once a second for what is new. Own process, so that it does not
share an interpreter with what measures.

    python -m tests.bench.boards PORT SECONDS < tokens   one board a line; prints polls, changes, errors, 503
"""

import re
import selectors
import socket
import sys
import time
from html import unescape
from random import Random
from typing import Final

EVERY_SECONDS: Final = 1.0
POLL: Final = re.compile(rb'hx-get="([^"]+)"')


class OpenBoard:
    def __init__(self, port: int, token: str, first: float) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.token, self.due, self.path = token, first, "/board/rows?v="
        self.answer = b""

    def ask(self) -> None:
        headers = f"Host: 127.0.0.1\r\nCookie: callflow={self.token}\r\nHX-Request: true\r\n"
        self.socket.sendall(f"GET {self.path} HTTP/1.1\r\n{headers}\r\n".encode())
        self.answer = b""

    def hears(self) -> int:
        """Returns the status of a whole answer, or 0."""
        self.answer += self.socket.recv(1 << 17)
        head, found, body = self.answer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if not found or len(body) < (int(length[1]) if length else 0):
            return 0
        if poll := POLL.search(body):
            self.path = unescape(poll[1].decode())
        return int(head.split(b" ", 2)[1])


def main() -> None:
    port, seconds, random = int(sys.argv[1]), float(sys.argv[2]), Random(7)
    begun = time.monotonic()
    boards = [OpenBoard(port, line.strip(), begun + random.random() * EVERY_SECONDS) for line in sys.stdin]
    selector, counts = selectors.DefaultSelector(), {200: 0, 204: 0}
    for board in boards:
        selector.register(board.socket, selectors.EVENT_READ, board)
    while (now := time.monotonic()) < begun + seconds:
        for board in boards:
            if board.due <= now:
                board.due += EVERY_SECONDS
                board.ask()
        for key, _ in selector.select(0.005):
            if status := key.data.hears():
                counts[status] = counts.get(status, 0) + 1
    errors = sum(number for status, number in counts.items() if status not in (200, 204, 503))
    sys.stdout.write(f"{counts[200] + counts[204]} {counts[200]} {errors} {counts.get(503, 0)}\n")


if __name__ == "__main__":
    main()
