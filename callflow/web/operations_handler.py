"""What answers a connection to the listener for health and metrics (``operations``)."""

from http.server import BaseHTTPRequestHandler
from typing import Any

from callflow.web.health import PATHS, HealthPages


class Handler(BaseHTTPRequestHandler):
    timeout = 5
    server_version, sys_version = "callflow", ""

    def __init__(self, pages: HealthPages, *arguments: Any) -> None:
        self._pages = pages
        super().__init__(*arguments)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path not in PATHS:
            return self.send_error(404)
        answer = self._pages.answer(path, self.headers.get("Accept", ""), full=True)
        self.send_response(answer.status)
        for name, value in (*answer.headers(), ("Content-Length", str(len(answer.body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        return None

    def log_message(self, format: str, *arguments: Any) -> None:
        """Probes every few seconds do not belong into the log."""
