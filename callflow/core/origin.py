"""How a call came about: a caller rang us, or one of our people began a call to a customer (``outgoing``)."""

from typing import TypedDict

from callflow.core.records import record_with_dict


class OriginChanges(TypedDict, total=False):  # for type checks of changes
    account: str
    outgoing: bool
    about: str
    promise: str
    adjustments: tuple[str, ...]
    recognised: str
    offers: tuple[str, ...]


@record_with_dict
class Origin:
    """A part of ``call.Call``. The caller's leg of an outgoing call is the customer's, and it is ``legs[0]``, too."""

    account: str = ""  # the provider's sub-account of our number; "" is the main account
    outgoing: bool = False
    about: str = ""  # the reference of the earlier call that it is about
    promise: str = ""  # the id of the promise that it is to keep
    adjustments: tuple[str, ...] = ()  # what the caller needs (``recognised.NEEDS``)
    recognised: str = ""  # what was known of the caller at the beginning (``recognised.to_text``)
    offers: tuple[str, ...] = ()  # what was offered to the caller: ids of ``guidance``
