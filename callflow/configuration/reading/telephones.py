"""How telephones are written: a number, a SIP address or a client, and an extension behind a number."""

from typing import Annotated

from pydantic import Field

Telephone = Annotated[
    str, Field(min_length=1, max_length=400, description='E.164 in quotes: "+15550100111", sip:kai@host or client:lea')
]
Extension = Annotated[
    str, Field(max_length=40, description='keys sent after the answer, in quotes: "ww204" (w waits 0.5 s, W a second)')
]
