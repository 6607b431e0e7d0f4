"""Errors of the REST API: HTTP status, Twilio's code, a message (twilio.md 5.0)."""

from __future__ import annotations

from typing import Any


class Problem(Exception):
    """A request is refused; it is answered with Twilio's error JSON."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def not_found(path: str) -> Problem:
    return Problem(404, 20404, f"The requested resource {path} was not found")


def invalid(code: int, message: str) -> Problem:
    return Problem(400, code, message)


def not_in_progress() -> Problem:
    return Problem(400, 21220, "Call is not in-progress. Cannot redirect.")
