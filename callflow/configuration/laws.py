"""The laws of which `duty` in callflow.yaml has the questions: names for checks and for `callflow duty-pack`.

The sources are those of the policy (1.15) and of docs/duty-pack.md, as of November 2026. A lawyer decides.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LAWS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "jp-2026": "Japan, Labour Measures Act, in force 1 October 2026",
        "kr": "Korea, Occupational Safety and Health Act, article 41, since 2018",
        "uk-2026": "United Kingdom, Employment Rights Act 2025, third-party harassment, from October 2026",
        "es-2025": "Spain, Ley 10/2025, to be met by 28 December 2026",
    }
)
