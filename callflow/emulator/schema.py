"""Which attributes and children each TwiML verb and noun may have (twilio.md 3). Anything else is warning 12200."""

from __future__ import annotations

_PLAYED = frozenset({"Say", "Play", "Pause"})
_RECORDING_CALLBACK = {"recordingStatusCallback", "recordingStatusCallbackMethod", "recordingStatusCallbackEvent"}
_STATUS_CALLBACK = {"statusCallback", "statusCallbackMethod", "statusCallbackEvent"}
_AMD = {
    "machineDetection",
    "machineDetectionTimeout",
    "machineDetectionSpeechThreshold",
    "machineDetectionSpeechEndThreshold",
    "machineDetectionSilenceTimeout",
    "amdStatusCallback",
    "amdStatusCallbackMethod",
}
_CALLED = _STATUS_CALLBACK | _AMD | {"url", "method"}

ATTRIBUTES: dict[str, frozenset[str]] = {
    "Response": frozenset(),
    "Say": frozenset({"voice", "language", "loop"}),
    "Play": frozenset({"loop", "digits"}),
    "Pause": frozenset({"length"}),
    "Gather": frozenset(
        {
            "input", "action", "method", "timeout", "speechTimeout", "maxSpeechTime", "numDigits", "finishOnKey",
            "actionOnEmptyResult", "hints", "language", "profanityFilter", "speechModel", "enhanced", "bargeIn",
            "debug", "partialResultCallback", "partialResultCallbackMethod",
        }
    ),
    "Record": frozenset(
        {"action", "method", "timeout", "finishOnKey", "maxLength", "playBeep", "trim", "transcribe",
         "transcribeCallback", "recordingConfigurationId"} | _RECORDING_CALLBACK
    ),
    "Dial": frozenset(
        {"action", "method", "timeout", "timeLimit", "hangupOnStar", "callerId", "answerOnBridge", "record",
         "recordingTrack", "trim", "ringTone", "referUrl", "referMethod", "callReason", "sequential"}
        | _RECORDING_CALLBACK
    ),
    "Number": frozenset(_CALLED | {"sendDigits", "byoc"}),
    "Client": frozenset(_CALLED),
    "Sip": frozenset(_CALLED | {"username", "password"}),
    "Conference": frozenset(
        {"muted", "beep", "startConferenceOnEnter", "endConferenceOnExit", "participantLabel", "jitterBufferSize",
         "waitUrl", "waitMethod", "maxParticipants", "record", "trim", "coach", "region", "eventCallbackUrl",
         "recordingConfigurationId"} | _STATUS_CALLBACK | _RECORDING_CALLBACK
    ),
    "Queue": frozenset({"url", "method", "reservationSid", "postWorkActivitySid"}),
    "Redirect": frozenset({"method"}),
    "Hangup": frozenset(),
    "Reject": frozenset({"reason"}),
    "Enqueue": frozenset({"action", "method", "waitUrl", "waitUrlMethod", "maxQueueSize", "workflowSid"}),
    "Leave": frozenset(),
    "Start": frozenset({"action", "method"}),
    "Stop": frozenset(),
    "Connect": frozenset({"action", "method"}),
    "Recording": frozenset({"name", "trim", "track", "channels", "recordingConfigurationId"} | _RECORDING_CALLBACK),
}  # fmt: skip

CHILDREN: dict[str, frozenset[str]] = {
    "Response": frozenset(
        {"Say", "Play", "Pause", "Gather", "Record", "Dial", "Redirect", "Hangup", "Reject", "Enqueue", "Leave",
         "Start", "Stop", "Connect"}
    ),
    "Gather": _PLAYED,
    "Dial": frozenset({"Number", "Client", "Sip", "Conference", "Queue"}),
    "Start": frozenset({"Recording", "Stream", "Siprec", "Transcription"}),
    "Stop": frozenset({"Recording", "Stream", "Siprec", "Transcription"}),
}  # fmt: skip

OPAQUE = frozenset({"Stream", "Siprec", "Transcription", "Connect", "Client", "Sip", "Enqueue"})
"""Their children are not checked: they are accepted, but not emulated."""
