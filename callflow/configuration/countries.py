"""What a telephone number says about its country: the usual emergency number, and the time zone if there is one."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, region_code_for_country_code

BY_112 = "AT BE BG CH CY CZ DE DK EE ES FI FR GR HR HU IE IN IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
EMERGENCY = {"US": "911", "CA": "911", "GB": "999", "AU": "000", "NZ": "111", **dict.fromkeys(BY_112.split(), "112")}
"""By country: one number for police and ambulance that works from every telephone there. No other country has a
default: a wrong number is worse than a question."""


def emergency_number(number: str) -> str:
    """The emergency number where this number (E.164) is dialled, or "" if it has to be asked."""
    found = _parsed(number)
    if found is None:
        return ""
    region = phonenumbers.region_code_for_number(found) or region_code_for_country_code(found.country_code or 0)
    return EMERGENCY.get(region, "")


def timezone(number: str) -> str:
    """The only time zone where this number can be, or "" if there are several, or none is known."""
    from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_geographical_number  # a table of all countries

    found = _parsed(number)
    zones = time_zones_for_geographical_number(found) if found else ()
    return zones[0] if len(zones) == 1 and zones[0] != UNKNOWN_TIMEZONE else ""


def _parsed(number: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number)
    except NumberParseException:
        return None
