"""What does the slow work of a server: recordings, recorded lines, promises, and what other systems are told."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime

from callflow.audio.folder import AudioFolder
from callflow.core.follow_ups import FollowUpKind
from callflow.core.records import immutable
from callflow.lookups.http import HttpLookupClient
from callflow.service import promises
from callflow.service.adjustments import Adjustments
from callflow.service.alarms import RaisingAlarms
from callflow.service.configurations import Configurations
from callflow.service.follow_up_keeper import Decide, FollowUpKeeper
from callflow.service.housekeeping import Housekeeping
from callflow.service.incidents import check_in_due, incident_due
from callflow.service.legal_holds import LegalHolds
from callflow.service.outgoing import CannotCall, OutgoingCalls
from callflow.service.ports import Store
from callflow.service.promises import Promise, Promises
from callflow.service.prompt_keeper import PromptKeeper
from callflow.service.receipts import Receipts, SendsMessages
from callflow.service.recognising import HeadsUps, Proposals
from callflow.service.recording_keeper import RecordingKeeper
from callflow.service.recordings import RecordingSource
from callflow.service.retention_keeper import RetentionKeeper
from callflow.service.webhooks import Webhooks
from callflow.settings import Settings
from callflow.store.audio_files import audio_files
from callflow.telephony.numbers import takes_messages


@immutable
class Ending:
    """What ends data, and what keeps it from ending."""

    histories: Housekeeping
    retention: RetentionKeeper
    holds: LegalHolds

    def plan(self) -> None:
        self.histories.plan()
        self.retention.plan()


@immutable
class Keepers:
    recordings: RecordingKeeper
    prompts: PromptKeeper
    promises: Promises
    webhooks: Webhooks
    ending: Ending
    adjustments: Adjustments
    heads_ups: HeadsUps
    proposals: Proposals
    receipts: Receipts


def keepers_of(settings: Settings, store: Store, configurations: Configurations, clock: Callable[[], datetime],
               source: RecordingSource, outgoing: OutgoingCalls, messages: SendsMessages) -> Keepers:  # fmt: skip
    """``source`` has the provider's recordings."""
    recordings = RecordingKeeper(store, audio_files(settings.recordings), source, configurations, clock)
    webhooks = Webhooks(store, HttpLookupClient(os.environ), configurations, clock, os.environ, settings.public_url)
    adjustments = Adjustments(store, settings.secrets, clock)
    return Keepers(
        recordings=recordings,
        prompts=PromptKeeper(store, AudioFolder(settings.audio), source, configurations, clock),
        promises=promises_of(store, configurations, clock, outgoing),
        webhooks=webhooks,
        ending=ending_of(recordings),
        adjustments=adjustments,
        heads_ups=HeadsUps(store, configurations),
        proposals=Proposals(store, adjustments),
        receipts=Receipts(follow_up_keeper(store, configurations, clock), messages, webhooks, takes_messages),
    )


def ending_of(recordings: RecordingKeeper) -> Ending:
    store, configurations, clock = recordings.store, recordings.configurations, recordings.clock
    return Ending(Housekeeping(store, configurations, clock), RetentionKeeper(recordings),
                  LegalHolds(store, configurations, clock))  # fmt: skip


def promises_of(store: Store, configurations: Configurations, clock: Callable[[], datetime], outgoing: OutgoingCalls
                ) -> Promises:  # fmt: skip
    """The promises of call backs, which ``outgoing`` calls keep."""

    def ring(one: Promise, person: str) -> str:
        return outgoing.begin(person or one.follow_up.person, one.number, about=one.call.reference,
                              team=one.call.team, promise=one.follow_up.id)  # fmt: skip

    return Promises(follow_up_keeper(store, configurations, clock), ring, CannotCall)


def follow_up_keeper(store: Store, configurations: Configurations, clock: Callable[[], datetime]) -> FollowUpKeeper:
    """With what happens when the time of a follow-up has come, by its kind."""
    due: Mapping[FollowUpKind, Decide] = {
        FollowUpKind.PROMISE: promises.due, FollowUpKind.ALARM: RaisingAlarms(store),
        FollowUpKind.INCIDENT: incident_due, FollowUpKind.CHECK_IN: check_in_due,
    }  # fmt: skip
    return FollowUpKeeper(store, configurations, clock, due)
