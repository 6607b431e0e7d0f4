"""What the page asks for beside its telephones, under /_rehearsal. Everything else goes to the emulator of the stage.

GET  /_rehearsal?v=TEXT                        204 if that is still the version of what is shown
GET  /_rehearsal/recorded.yaml?name=...        what was done, as a scenario; its first line says whether it passes
POST /_rehearsal/begin                         a call comes in, and the visitor is guided through it
POST /_rehearsal/kill, start_server            end the server in the middle of a hold; start it again
POST /_rehearsal/choose    scenario=ID         play this scenario, or "": the visitor plays everybody
POST /_rehearsal/pace      speed=0|0.5|1|...   of a scenario; 0 stands still
POST /_rehearsal/step                          go on to the next thing that somebody notices
POST /_rehearsal/start_over                    a new server and empty journal, or the same scenario again
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from http.client import responses
from typing import Any
from urllib.parse import parse_qsl

from callflow.emulator.rest.page import foreign
from callflow.emulator.rest.request import Response
from callflow.live_rehearsal.app_process import ServerDidNotStart
from callflow.live_rehearsal.rehearsals import Rehearsals

PREFIX = "/_rehearsal"
NAME = re.compile(r"[^A-Za-z0-9_ -]+")
Start = Callable[..., Any]


class Control:
    """A WSGI application."""

    def __init__(self, rehearsals: Rehearsals) -> None:
        self._rehearsals = rehearsals
        self._acts: Mapping[str, Callable[[Mapping[str, str]], object]] = {
            "begin": lambda _: rehearsals.begin(),
            "kill": lambda _: rehearsals.live.guide.kill(),
            "start_server": lambda _: rehearsals.live.start_server(),
            "choose": lambda given: rehearsals.choose(given.get("scenario", "")),
            "pace": lambda given: rehearsals.pace(float(given.get("speed", ""))),
            "step": lambda _: rehearsals.step(),
            "start_over": lambda _: rehearsals.start_over(),
        }

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(PREFIX):
            return self._rehearsals.stage.emulator.wsgi(environ, start_response)
        answer = self._answer(environ, path.removeprefix(PREFIX).strip("/"))
        headers = [("Content-Type", answer.content_type), ("Cache-Control", "no-store"), *answer.headers]
        start_response(f"{answer.status} {responses.get(answer.status, '')}", headers)
        return [answer.encoded()]

    def _answer(self, environ: dict[str, Any], what: str) -> Response:
        method = environ["REQUEST_METHOD"]
        if foreign(method, environ.get("HTTP_HOST", ""), environ.get("HTTP_SEC_FETCH_SITE", "")):
            return Response(403, {"message": "only this machine's own pages and programs may ask"})
        asked = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        if method == "GET" and what == "":
            return self._shown(asked.get("v", ""))
        if method == "GET" and what == "recorded.yaml":
            return self._recorded(NAME.sub("", asked.get("name", "")).strip() or "a recorded call")
        if method != "POST" or what not in self._acts:
            return Response(404, {"message": f"nothing at {PREFIX}/{what}"})
        length = int(environ.get("CONTENT_LENGTH") or 0)
        given = dict(parse_qsl(environ["wsgi.input"].read(length).decode("utf-8", "replace"), keep_blank_values=True))
        try:
            self._acts[what](given)
        except (ValueError, ServerDidNotStart) as error:
            return Response(400, {"message": str(error)})
        return Response(204)

    def _shown(self, version: str) -> Response:
        shown = self._rehearsals.shown()
        now = hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()[:16]
        return Response(204) if now == version else Response(200, {"v": now, **shown})

    def _recorded(self, name: str) -> Response:
        text = self._rehearsals.recorded(name).encode()
        file = f'attachment; filename="{name.lower().replace(" ", "_")}.yaml"'
        return Response(200, text, "application/yaml; charset=utf-8", (("Content-Disposition", file),))
