"""Converts the shapes of the files to the core's values."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from callflow.configuration.convert_flows import flow_of, hours_of
from callflow.configuration.convert_guidance import guidance_of
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.duty import hours_of_duty
from callflow.configuration.reading.emergency import EmergencyNumbersShape
from callflow.configuration.reading.organisation import OrganisationShape
from callflow.configuration.reading.reviewers import ReviewerShape
from callflow.configuration.reading.rules import DeescalationFile
from callflow.configuration.reading.scripts import AnswersShape
from callflow.configuration.reading.shapes import (
    CallflowFile,
    PeopleFile,
    PersonShape,
    SecurityShape,
    SupervisorShape,
)
from callflow.configuration.reading.source import Source
from callflow.configuration.reading.speech import SpeechShape
from callflow.configuration.reading.systems import LookupsShape
from callflow.configuration.recordable import by_telephone
from callflow.configuration.recordings import version
from callflow.configuration.staff_line import scenario, staff_line
from callflow.configuration.telephone import identity
from callflow.core.configuration import (
    Audio,
    Configuration,
    EmergencyNumbers,
    Language,
    LookupRules,
    Organisation,
    Person,
    Recording,
    RecordingRules,
    Ring,
    Script,
    Team,
)
from callflow.core.emergency import ANYWHERE
from callflow.core.firm_sign_in import FirmSignIn
from callflow.core.languages import AnswerWords, answer_words
from callflow.core.opening_hours import Hours
from callflow.core.policy import (
    Aftercare,
    Alarms,
    Conduct,
    DelegateUpwards,
    DrawTheLine,
    Incidents,
    LadderOrder,
    Menu,
    Policy,
    SpokenAnswers,
    TellSupervisors,
    TimeOut,
)
from callflow.core.receipt_lines import By, ReceiptRules
from callflow.core.retention import Retention
from callflow.core.staff_line.numbers import numbered
from callflow.core.transcription import Engine, Purpose
from callflow.core.variables import NAME
from callflow.core.webhooks import Webhook


def configuration(draft: ConfigurationDraft) -> Configuration:
    """The core's configuration. The draft must be complete and without errors."""
    callflow, people, rules = draft.callflow, draft.people, draft.deescalation
    if callflow is None or people is None or rules is None or draft.music is None:
        raise ValueError("a draft with problems cannot be converted")
    duty = hours_of_duty(people, draft.calendars, callflow.timezone)
    return Configuration(
        digest=digest(draft.sources, (draft.music, *draft.played.values())),
        organisation=organisation(callflow.organisation),
        organisations=organisations(callflow),
        accounts={number: one.account for number, one in callflow.numbers.items() if one.account},
        caller_id=callflow.caller_id,
        numbers={number: one.flow for number, one in callflow.numbers.items() if not one.staff},
        staff_line=staff_line(callflow, people),
        practice={name: scenario(one) for name, one in draft.practice.items()},
        language=callflow.language,
        recording=RecordingRules(**{**callflow.recording.model_dump(), "mode": Recording(callflow.recording.mode)}),
        policy=policy(rules),
        guidance=guidance_of(draft.guidance),
        agents=_people(people.agents, duty),
        supervisors=_people(people.supervisors, duty),
        **_of_the_pages(callflow, people),
        security=_person("security", people.security),
        shared_telephones=shared_telephones(people),
        outgoing_calls=callflow.outgoing_calls == "staff",
        webhooks=_webhooks(callflow),
        receipts=_receipts(draft),
        show_caller_number=callflow.show_caller_number == "staff",
        teams=_teams(people),
        seniors=tuple(people.seniors),
        asks_needs=any(step.adjustments for flow in draft.flows.values() for step in flow.steps.values()),
        flows={name: flow_of(name, flow, callflow.timezone) for name, flow in draft.flows.items()},
        languages={code: _language(draft, code) for code in draft.scripts},
        music=draft.music,
        timezone=callflow.timezone,
        history_days=callflow.history_days,
        retention=Retention(**callflow.retention.model_dump()),
        **_sound(callflow),
        calendars=_calendars(draft, callflow.timezone),
        lookups=_lookups(callflow.lookups),
    )


def _sound(callflow: CallflowFile) -> dict[str, Any]:
    return {"jitter_buffer": callflow.room.jitter, "speech_model": callflow.speech.model,
            "engines": engines(callflow.speech)}  # fmt: skip


def _webhooks(callflow: CallflowFile) -> dict[str, Webhook]:
    return {name: Webhook(name=name, url=one.url, secret=one.secret, subjects=frozenset(one.events))
            for name, one in callflow.webhooks.items()}  # fmt: skip


def _of_the_pages(callflow: CallflowFile, people: PeopleFile) -> dict[str, Any]:
    """Fields about people who need no telephone, and about signing in."""
    firm = callflow.sign_in.firm
    return {
        "reviewers": _without_telephones(people.reviewers),
        "ops": _without_telephones(people.ops),
        "auditors": _without_telephones(people.auditors),
        "firm": FirmSignIn(**{**firm.model_dump(), "secret": firm.secret or ""}) if firm else None,
    }


def _without_telephones(people: Mapping[str, ReviewerShape]) -> dict[str, Person]:
    return {id: Person(id=id, name=one.name, phone=one.phone or "") for id, one in people.items()}


def _receipts(draft: ConfigurationDraft) -> ReceiptRules | None:
    found = draft.callflow.receipts if draft.callflow else None
    if found is None or found.by == "no":
        return None
    texts = {code: file.written for code, file in draft.scripts.items() if file.written}
    return ReceiptRules(**{**found.model_dump(), "by": By(found.by)}, texts=texts)


def _lookups(shape: LookupsShape) -> LookupRules:
    return LookupRules(allow_private=frozenset(shape.allow_private), allow_http=frozenset(shape.allow_http))


def _calendars(draft: ConfigurationDraft, timezone: str) -> dict[str, Hours]:
    found = draft.calendars.calendars if draft.calendars else {}
    return {name: hours_of(one, timezone) for name, one in found.items()}


def engines(shape: SpeechShape) -> dict[Purpose, Engine]:
    return {Purpose(purpose): Engine(name=one.engine, model_path=one.model_path, sha256=one.sha256)
            for purpose, one in shape.engines.items()}  # fmt: skip


def organisation(shape: OrganisationShape) -> Organisation:
    def numbers(own: EmergencyNumbersShape, general: str) -> EmergencyNumbers:
        police, ambulance = own.police or general, own.ambulance or general
        return EmergencyNumbers(
            police=police, ambulance=ambulance, general=general or (police if police == ambulance else "")
        )

    general = shape.emergency_number or ""
    return Organisation(
        name=shape.name,
        contact=shape.contact,
        emergency_numbers=numbers(shape.emergency_numbers, general),
        emergency_numbers_of={called: numbers(one, "") for called, one in shape.emergency_numbers_of.items()},
    )


def organisations(callflow: CallflowFile) -> dict[str, Organisation]:
    """By called number, where a number has another one."""
    common = organisation(callflow.organisation)
    own = {number: one.organisation.model_dump(exclude_none=True) for number, one in callflow.numbers.items()}
    return {number: replace(common, **changes) for number, changes in own.items() if changes}


def digest(sources: Iterable[Source], audio: Iterable[Audio]) -> str:
    """The content hash (hex) of everything read: paths and bytes of the YAML, paths and hashes of the recordings."""
    whole = hashlib.sha256()
    for name, content in sorted({(source.name, source.content) for source in sources}):
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    for path, content_hash in sorted({(one.path, one.digest) for one in audio}):
        whole.update(f"{path}\0{content_hash}\0".encode())
    return whole.hexdigest()


def policy(rules: DeescalationFile) -> Policy:
    line = rules.draw_the_line
    conduct = (Conduct(key=key, name=one.name, severe=one.severe) for key, one in line.conduct.items())
    return Policy(
        order=LadderOrder(rules.order),
        spoken_answers=SpokenAnswers(rules.spoken_answers),
        menu=Menu(seconds=rules.menu.seconds, keys=rules.menu.keys.model_dump()),
        time_out=TimeOut(**rules.time_out.model_dump()),
        delegate_upwards=DelegateUpwards(**rules.delegate_upwards.model_dump()),
        draw_the_line=DrawTheLine(
            warnings=tuple(line.warnings),
            grace_seconds=line.grace_seconds,
            lapse_seconds=line.lapse_seconds,
            cancel_seconds=line.cancel_seconds,
            conduct=tuple(conduct),
            tell_supervisors=TellSupervisors(line.tell_supervisors),
            supervisor_listens=line.supervisor_listens,
            co_signature=line.co_signature,
        ),
        aftercare=Aftercare(**rules.aftercare.model_dump()),
        alarms=Alarms(**rules.alarms.model_dump()),
        incidents=Incidents(**rules.incidents.model_dump()),
    )


def _people(
    shapes: Mapping[str, PersonShape] | Mapping[str, SupervisorShape], duty: Mapping[str, Hours]
) -> dict[str, Person]:
    return {id: replace(_person(id, one, one.role), on_duty=duty.get(id)) for id, one in shapes.items()}


def _person(id: str, shape: PersonShape | SupervisorShape | SecurityShape, role: str = "") -> Person:
    return Person(id=id, name=shape.name, phone=shape.phone, role=role, extension=shape.extension,
                  language=shape.language or "")  # fmt: skip


def shared_telephones(people: PeopleFile) -> dict[str, frozenset[str]]:
    """Id -> the ids of all who have the same telephone, for those who share one with somebody else."""
    at: dict[str, set[str]] = {}
    shapes: list[tuple[str, PersonShape | SupervisorShape | SecurityShape]]
    shapes = [*people.agents.items(), *people.supervisors.items(), ("security", people.security)]
    for id, one in shapes:
        at.setdefault(identity(one.phone, one.extension), set()).add(id)
    return {id: frozenset(several) for several in at.values() if len(several) > 1 for id in sorted(several)}


def _teams(people: PeopleFile) -> dict[str, Team]:
    return {
        id: Team(
            id=id,
            name=one.name or "",
            agents=tuple(one.agents),
            supervisors=tuple(one.supervisors),
            ring=Ring(one.ring),
        )
        for id, one in people.teams.items()
    }


def _language(draft: ConfigurationDraft, code: str) -> Language:
    file = draft.scripts[code]
    scripts = {
        id: replace(_script(draft, code, id, shape.text), variables=_used(draft, id))
        for id, shape in file.scripts.items()
    }
    return Language(code=code, voice=file.voice.name, tag=file.voice.language, scripts=scripts,
                    fragments=dict(file.fragments), names=dict(file.names),
                    answers=answers(code, file.answers), values=draft.values.get(code, {}),
                    numbered=numbered(by_telephone(draft, code)))  # fmt: skip


def answers(code: str, given: AnswersShape) -> AnswerWords:
    """The words of a file and the language's own ones."""
    return answer_words(code, AnswerWords(yes=tuple(given.yes), no=tuple(given.no), courtesy=tuple(given.courtesies),
                                          negations=tuple(given.hedges)))  # fmt: skip


def _script(draft: ConfigurationDraft, language: str, id: str, text: str) -> Script:
    line = draft.line(language, id)
    audio = {key: draft.recordings[path] for key, path in line.whole.items() if not line.unusable}
    pieces = tuple(draft.recordings[one] if one in line.words else one.strip("{}") for one in line.pieces)
    played = [audio[key] for key in sorted(audio)] + [one for one in pieces if isinstance(one, Audio)]
    return Script(id=id, text=text, version=version(text, played), audio=audio, pieces=pieces)


def _used(draft: ConfigurationDraft, id: str) -> tuple[str, ...]:
    """Flow variables that a script uses in any language, because the call's language may change before it is spoken.

    Also emergency numbers, which lines of ops may speak.
    """
    declared = {name for flow in draft.flows.values() for name in flow.variables} | ANYWHERE
    texts = [file.scripts[id].text for file in draft.scripts.values() if id in file.scripts]
    return tuple(sorted(declared & {name for text in texts for name in NAME.findall(text)}))
