"""Conferences: list, fetch, update (complete, announce) (twilio.md 5.5)."""

from __future__ import annotations

from functools import partial

from callflow.emulator.rest import render
from callflow.emulator.rest.pages import on_day, page_of
from callflow.emulator.rest.problems import invalid, not_found
from callflow.emulator.rest.request import Request, Response
from callflow.emulator.room_audio import announce_to_room
from callflow.emulator.rooms import Room, end_room


def room_of(request: Request) -> Room:
    """The room with the SID in the path. Raises Problem 20404."""
    room = request.exchange.rooms.get(request.ids[0])
    if room is None:
        raise not_found(request.path)
    return room


def fetch(request: Request) -> Response:
    return Response(200, render.conference(request.exchange, room_of(request)))


def update(request: Request) -> Response:
    """Status=completed sends everyone to their next TwiML. AnnounceUrl plays to everyone."""
    exchange, room = request.exchange, room_of(request)
    status = request.get("Status")
    if status not in {"", "completed"}:
        raise invalid(20001, f"Invalid Status: {status}")
    if room.status == "completed":
        raise not_found(request.path)
    if status:
        if not room.started and exchange.switches.completing_unstarted_room_fails:
            raise invalid(20001, "Bad request")  # twilio-node #663, #681
        end_room(exchange, room, "conference-ended-via-api", "conference_ended_via_api")
    else:
        target = request.target("AnnounceUrl", "AnnounceMethod")
        if target is not None and room.seats:
            announce_to_room(exchange, room, target)
    return Response(200, render.conference(exchange, room))


def list_all(request: Request) -> Response:
    rooms = [room for room in reversed(request.exchange.rooms.values()) if _matches(request, room)]
    return page_of(request, "conferences", rooms, partial(render.conference, request.exchange))


def _statuses(request: Request) -> set[str]:
    """Without a Status only rooms in progress are listed, since 30 September 2026."""
    wanted = request.get("Status")
    every = not wanted and not request.exchange.switches.unfiltered_list_is_in_progress
    return {"init", "in-progress", "completed"} if every else {wanted or "in-progress"}


def _matches(request: Request, room: Room) -> bool:
    return (
        request.get("FriendlyName") in {"", room.name}
        and room.status in _statuses(request)
        and on_day(request, "DateCreated", room.created)
        and on_day(request, "DateUpdated", room.updated or room.created)
    )
