"""The expected messages quote lines of the shipped files. When a file got longer, regenerating moves them along.

Only positions are rewritten, and only if nothing else of a case has changed.
"""

import fcntl
import re
from pathlib import Path

POSITION = re.compile(r"^([^ ]+?):\d+:\d+ ")
HERE = Path(__file__).parent


def follow(expected: list[str], printed: list[str]) -> bool:
    """Rewrite the messages of one case in the files of cases. False if more than their positions differ."""
    if [POSITION.sub(r"\1 ", one) for one in expected] != [POSITION.sub(r"\1 ", one) for one in printed]:
        return False
    for old, new in zip(expected, printed, strict=True):
        if old != new:
            _replace(old, new)
    return True


def _replace(old: str, new: str) -> None:
    for file in sorted(HERE.glob("*.py")):
        with file.open("r+", encoding="utf-8") as open_file:
            fcntl.flock(open_file, fcntl.LOCK_EX)  # the tests run in several processes
            text = open_file.read()
            for quote in ("'", '"'):
                text = text.replace(_literal(old, quote), _literal(new, quote))
            open_file.seek(0)
            open_file.truncate()
            open_file.write(text)


def _literal(message: str, quote: str) -> str:
    return f"{quote}{message.replace(quote, chr(92) + quote)}{quote}"
