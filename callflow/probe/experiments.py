"""The experiments. Each shows the value of one or more switches of the local provider (emulator/switches.py)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from callflow.probe.lab import SILENT_WAV, STAY, Lab, Unsettled

Found = Mapping[str, Any]
SENTENCE: Final = "The quick brown fox jumps over the lazy dog, and then it walks home through the rain. " * 2


class Experiment(NamedTuple):
    """``question`` for people; ``look`` returns the value that each switch must have to do as the provider does."""

    name: str
    question: str
    look: Callable[[Lab], Found]


def doc(*verbs: str) -> str:
    return f"<Response>{''.join(verbs)}</Response>"


def keys(text: str) -> str:
    """The document of a person who presses these keys and stays; w is half a second."""
    return doc(f'<Play digits="{text}"/>', '<Pause length="40"/>')


def room(lab: Lab, name: str, *, action: bool = True, **attributes: str) -> str:
    """A document that stays in a room, which tells of its events."""
    told = {"statusCallbackEvent": "start end join leave", "statusCallback": lab.url("events", "")}
    own = {"startConferenceOnEnter": "true", "endConferenceOnExit": "false", "waitUrl": lab.url("wait"), **told,
           **attributes}  # fmt: skip
    written = " ".join(f'{key}="{value}"' for key, value in sorted(own.items()))
    dial = f'<Dial hangupOnStar="true"{" action=" + chr(34) + lab.url("acted") + chr(34) if action else ""}>'
    return doc(f"{dial}<Conference {written}>{name}</Conference></Dial>", '<Pause length="30"/>')


def events(lab: Lab, kind: str, sid: str = "") -> list[dict[str, str]]:
    return [dict(one.form) for one in lab.came("events") if one.form.get("StatusCallbackEvent") == kind
            and sid in ("", one.form.get("CallSid"))]  # fmt: skip


def joined(lab: Lab, *sids: str) -> str:
    """Wait until these legs are in the room; returns its SID."""
    for sid in sids:
        lab.until(lambda sid=sid: events(lab, "participant-join", sid), 20, "nobody came into the room")  # type: ignore[misc]
    return events(lab, "participant-join", sids[0])[0]["ConferenceSid"]


@contextmanager
def pair(lab: Lab, name: str, first: str = STAY) -> Iterator[tuple[str, str, str]]:
    """Two legs together in a room: their SIDs, and that of the room. ``first``: what the person at the first does."""
    document = room(lab, name)
    one = lab.call(document, first)
    two = lab.call(document)
    yield one, two, joined(lab, one, two)


def finish_key(lab: Lab) -> Found:
    gather = f'<Gather finishOnKey="2" timeout="8" action="{lab.url("acted")}"/>'
    lab.call(doc(gather, f"<Redirect>{lab.url('fell')}</Redirect>"), keys("wwww2"))
    lab.until(lambda: lab.came("acted") or lab.came("fell"), 15, "the key did not arrive")
    return {"finish_key_alone_requests": bool(lab.came("acted"))}


def empty_gather(lab: Lab) -> Found:
    lab.call(
        doc(f'<Gather timeout="1" actionOnEmptyResult="true" action="{lab.url("acted")}"/>', '<Pause length="9"/>')
    )
    lab.until(lambda: lab.came("acted"), 12, "the action of an empty Gather was not requested")
    form = lab.came("acted")[0].form
    return {"empty_gather_sends_digits": "Digits" in form, "gather_sends_end_message": form.get("msg") == "Gather End"}


def early_digits(lab: Lab) -> Found:
    gather = f'<Gather numDigits="1" timeout="3" action="{lab.url("acted")}"/>'
    lab.call(doc('<Pause length="5"/>', gather, f"<Redirect>{lab.url('fell')}</Redirect>"), keys("wwww5"))
    lab.until(lambda: lab.came("acted") or lab.came("fell"), 20, "neither the action nor the rest was requested")
    return {"early_digits_kept": bool(lab.came("acted", Digits="5"))}


def star(lab: Lab) -> Found:
    with pair(lab, "probe-star", keys("wwwwwwwwwwww*")) as (one, _, _room):
        lab.until(lambda: events(lab, "participant-leave", one), 25, "star did not take the leg out of the room")
        return {"star_reason": events(lab, "participant-leave", one)[0].get("ReasonParticipantLeft", "")}


def removed(lab: Lab) -> Found:
    with pair(lab, "probe-removed") as (one, _, sid):
        lab.client.conferences(sid).participants(one).delete()
        lab.until(lambda: events(lab, "participant-leave", one), 10, "a removed leg did not leave")
        reason = events(lab, "participant-leave", one)[0].get("ReasonParticipantLeft", "")
        acted = lab.until(lambda: lab.came("acted", CallSid=one), 5)
        return {"kick_reason": reason, "action_after_room_end": acted}


def redirected(lab: Lab) -> Found:
    with pair(lab, "probe-redirected") as (one, _, _room):
        lab.client.calls(one).update(url=lab.url("moved"), method="POST")
        lab.until(lambda: lab.came("moved"), 10, "a redirected leg did not ask for its document")
        return {"redirect_requests_dial_action": lab.until(lambda: lab.came("acted", CallSid=one), 4)}


def hung_up(lab: Lab) -> Found:
    document = room(lab, "probe-hung-up")
    one = lab.call(document, doc('<Play digits="wwwwwwwwwwww"/>', "<Hangup/>"))
    joined(lab, one)
    lab.until(lambda: events(lab, "participant-leave", one), 15, "the leg did not leave when its person hung up")
    return {"hangup_in_dial_requests_action": lab.until(lambda: lab.came("acted", CallSid=one), 5)}


def order_of_events(lab: Lab) -> Found:
    with pair(lab, "probe-order") as (_, two, _room):
        lab.until(lambda: events(lab, "conference-start"), 10, "the room did not start")
        begun = int(events(lab, "conference-start")[0].get("SequenceNumber", "0"))
        came = int(events(lab, "participant-join", two)[0].get("SequenceNumber", "0"))
        return {"start_before_join": begun < came, "sign_wait_requests": _signed(lab, "wait")}


def unstarted(lab: Lab) -> Found:
    one = lab.call(room(lab, "probe-unstarted", startConferenceOnEnter="false"))
    sid = joined(lab, one)
    listed = lab.client.conferences.list(friendly_name="probe-unstarted", limit=5)
    held = lab.refused(lambda: lab.client.conferences(sid).participants(one).update(hold=True))
    ended = lab.refused(lambda: lab.client.conferences(sid).update(status="completed"))
    return {"unfiltered_list_is_in_progress": not listed, "hold_before_start": not held,
            "completing_unstarted_room_fails": bool(ended)}  # fmt: skip


def status_callbacks(lab: Lab) -> Found:
    told = lab.url("status", 500)
    lab.call(doc("<Hangup/>"), status_callback=told, status_callback_event=["completed"])
    lab.until(lambda: lab.came("status"), 20, "no status callback came")
    return {"retry_status_callbacks_on_5xx": lab.until(lambda: len(lab.came("status")) > 1, 20)}


def failing_file(lab: Lab) -> Found:
    lab.call(doc(f"<Play>{lab.url('missing.wav', 404)}</Play>", f"<Redirect>{lab.url('fell')}</Redirect>"))
    lab.until(lambda: lab.came("missing.wav"), 12, "the file was not requested")
    return {"play_failure_ends_call": not lab.until(lambda: lab.came("fell"), 12)}


def media(lab: Lab) -> Found:
    lab.call(doc(f"<Play>{lab.url('sound.wav', SILENT_WAV)}</Play>", '<Pause length="5"/>'))
    lab.until(lambda: lab.came("sound.wav"), 12, "the file was not requested")
    token = next((value for one in lab.arrived for name, value in one.headers.items() if "Idempotency" in name), "")
    return {"sign_media_requests": _signed(lab, "sound.wav"), "idempotency_token": "always" if token else "none"}


def pace(lab: Lab) -> Found:
    """From the answer of the document to the request after its one sentence; a part of it is the network."""
    lab.call(doc(f"<Say>{SENTENCE.strip()}</Say>", f"<Redirect>{lab.url('fell')}</Redirect>"))
    lab.until(lambda: lab.came("fell"), 60, "the voice did not end")
    begun = next(one.at for one in lab.arrived if "/call" in one.path)
    return {"pace": round(len(SENTENCE.strip()) / (lab.came("fell")[0].at - begun), 1)}


def no_wait_url(lab: Lab) -> Found:
    """Our documents rely on it: an empty waitUrl is silence, and the leg is in the room."""
    one = lab.call(room(lab, "probe-silence", waitUrl=""))
    joined(lab, one)
    if lab.came("wait"):
        raise Unsettled("an empty waitUrl was requested")
    return {}


def document_names(lab: Lab) -> Found:
    """A document that the provider hosts fills in names of the query: our fallback relies on it."""
    if not lab.document:
        raise Unsettled("give --document URL, of a document at the provider with the text that --list shows")
    lab.call_with(f"{lab.document}?room=probe-names")
    rooms = [{"friendly_name": "probe-names", "status": status, "limit": 1} for status in ("in-progress", "init")]
    lab.until(lambda: any(lab.client.conferences.list(**one) for one in rooms), 20, "no room has the name of the query")
    return {}


def _signed(lab: Lab, name: str) -> bool:
    lab.until(lambda: lab.came(name), 10, f"{name} was not requested")
    return any(header.endswith("-Signature") for header in lab.came(name)[0].headers)


EXPERIMENTS: Final = (
    Experiment("finish-key", "Does the finishing key, pressed first, request the action of a Gather?", finish_key),
    Experiment("empty-gather", "What does the action of an empty Gather get?", empty_gather),
    Experiment("early-digits", "Are keys from before a Gather given to it?", early_digits),
    Experiment("star", "Why has a leg left its room by star?", star),
    Experiment("removed", "Why has a removed leg left, and is its action requested?", removed),
    Experiment("redirected", "Does a redirect out of a room request the action of its Dial first?", redirected),
    Experiment("hung-up", "Is the action requested when the person hangs up in a room?", hung_up),
    Experiment(
        "order", "Which comes first, the start of a room or the join; are wait requests signed?", order_of_events
    ),
    Experiment("unstarted", "A room with one person who may not start it: listed, held, completed?", unstarted),
    Experiment("status", "Is a status callback repeated after a 500?", status_callbacks),
    Experiment("failing-file", "Does a file that cannot be fetched end the call?", failing_file),
    Experiment("media", "Are requests for files signed, and is there a token for repeated webhooks?", media),
    Experiment("pace", "How many characters a second does the default voice speak?", pace),
    Experiment("no-wait-url", "Is an empty waitUrl silence?", no_wait_url),
    Experiment("document", "Does a hosted document fill in names of its query?", document_names),
)
