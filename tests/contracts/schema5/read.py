"""Run by the Callflow of schema version 5: ``python read.py AUDIO < states``, one stored call a line.

Reads each call and makes the document of everybody on it. Prints what it cannot, "line place exception" each.
"""

import sys
from pathlib import Path

import callflow
from callflow.configuration.loading import load
from callflow.core import codec
from callflow.telephony import place_documents
from callflow.telephony.urls import Urls

ROOT = Path(callflow.__file__).parents[1]


def main(audio: Path) -> None:
    configuration, urls = load(ROOT / "config", audio), Urls("https://a.test", "https://b.test", "secret")
    for number, text in enumerate(sys.stdin):
        try:
            call = codec.decode(text)
        except codec.UnreadableCall as error:
            sys.stdout.write(f"{number} call {error}\n")
            continue
        for leg in call.legs:
            try:
                place_documents.render(call, leg, configuration, urls)
            except Exception as error:
                sys.stdout.write(f"{number} {leg.place.name} {error!r}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
