"""The rows of ``script_catalogue`` and ``fragment_catalogue`` about what agents may offer (``guidance``)."""

STAFF = """
    offers_menu: choices
    offer_noted: offer
"""
FRAGMENTS = """
    choice_offers:
    flag_offered: offer
"""
OF_OFFERS = frozenset({"offers_menu", "offer_noted", "choice_offers", "flag_offered"})
"""What only a configuration needs in which something may be offered."""
