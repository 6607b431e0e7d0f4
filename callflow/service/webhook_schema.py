"""The JSON Schema (2020-12) of the events that webhooks are sent, for those who receive them."""

from typing import Any, Final

from callflow.core.webhooks import SUBJECTS, TYPE_PREFIX

_TEXT: Final = {"type": "string"}
_TIME: Final = {"type": "string", "format": "date-time"}
DATA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "One entry of the journal of the call. It has no telephone number, and no words of a caller.",
    "properties": {
        "call": {**_TEXT, "description": "our id of the call"},
        "reference": {**_TEXT, "description": "the reference that the caller was told"},
        "entry": {"type": "integer", "minimum": 1, "description": "its number in the journal, without gaps there"},
        "kind": {"enum": sorted(SUBJECTS)},
        "actor": {**_TEXT, "description": 'who did it: an id of people.yaml, "caller", or "callflow"'},
        "outcome": {**_TEXT, "description": "how it came out, in words; new ones may be added"},
        "key": {**_TEXT, "description": "the key that was pressed"},
        "script": {**_TEXT, "description": "the id of the line that was spoken"},
        "version": {**_TEXT, "description": "the version of its words, and of its recording"},
        "language": _TEXT,
        "details": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
    },
    "required": ["call", "reference", "entry", "kind", "actor", "outcome", "details"],
}
RECEIPT: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What is to be sent to the caller (callflow.receipt); only the webhook that receipts name gets it.",
    "properties": {
        "call": {**_TEXT, "description": "our id of the call"},
        "reference": {**_TEXT, "description": "the reference that the caller was told"},
        "reasons": {"type": "array", "items": {"enum": ["closing", "call_back"]}, "minItems": 1},
        "to": {**_TEXT, "description": "the telephone number of the caller, E.164"},
        "language": {**_TEXT, "description": "that of the text"},
        "text": {**_TEXT, "description": "what the caller is to read"},
    },
    "required": ["call", "reference", "reasons", "to", "language", "text"],
}
SCHEMA: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "An event of Callflow (CloudEvents 1.0, structured mode)",
    "type": "object",
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {**_TEXT, "description": "the same if the event is sent again"},
        "source": {**_TEXT, "description": "the public address of the Callflow that sends it"},
        "type": {
            "type": "string",
            "pattern": rf"^{TYPE_PREFIX}\.(ping|{'|'.join(sorted(set(SUBJECTS.values())))})(\.|$)",
        },
        "subject": {**_TEXT, "description": "the reference of the call"},
        "time": _TIME,
        "datacontenttype": {"const": "application/json"},
        "sequence": {**_TEXT, "description": "orders the events of one call"},
        "data": {"anyOf": [DATA, RECEIPT, {"type": "object", "maxProperties": 0}]},
    },
    "required": ["specversion", "id", "source", "type", "time", "data"],
}
