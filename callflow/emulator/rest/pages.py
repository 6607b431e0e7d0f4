"""Paging of lists (twilio.md 5.0): 50 items a page, at most 1000, with next_page_uri."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from callflow.emulator.rest.request import Request, Response

T = TypeVar("T")


def page_of(request: Request, plural: str, items: Sequence[T], render: Callable[[T], dict[str, Any]]) -> Response:
    """One page of `items`, in the order given (newest first)."""
    size = int(request.number("PageSize", 50, 1000)) or 50
    page = int(request.number("Page", 0, 10**9))
    start = page * size
    shown = items[start : start + size]
    more = start + size < len(items)
    body = {
        plural: [render(item) for item in shown],
        "first_page_uri": _uri(request, size, 0),
        "next_page_uri": _uri(request, size, page + 1) if more else None,
        "previous_page_uri": _uri(request, size, page - 1) if page else None,
        "uri": _uri(request, size, page),
        "page": page,
        "page_size": size,
        "start": start,
        "end": max(start, start + len(shown) - 1),
    }
    return Response(200, body)


def _uri(request: Request, size: int, page: int) -> str:
    kept = [(name, value) for name, value in request.form if name not in {"PageSize", "Page", "PageToken"}]
    token = [("PageToken", f"PA{page}")] if page else []
    return f"{request.path}?{urlencode([*kept, ('PageSize', size), ('Page', page), *token])}"


def on_day(request: Request, name: str, moment: Any) -> bool:
    """Whether the filters `Name`, `Name<`, `Name>` (YYYY-MM-DD) accept `moment`."""
    if moment is None:
        return not any(request.has(name + suffix) for suffix in ("", "<", ">"))
    day = moment.strftime("%Y-%m-%d")
    exact, before, after = (request.get(name + suffix)[:10] for suffix in ("", "<", ">"))
    return (not exact or day == exact) and (not before or day <= before) and (not after or day >= after)
