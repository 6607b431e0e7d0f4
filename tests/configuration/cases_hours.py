# ruff: noqa: E501 - a message is one line
"""Opening hours, in the example of docs/flows and its calendars."""

import shutil

from tests.configuration.breaking import PEOPLE, Break, Case, edit, together
from tests.configuration.workbench import Workbench
from tests.flows import DOCS, with_example

RECEPTION, CALENDARS = "flows/reception.yaml", "calendars.yaml"


def broken(file: str, old: str, new: str) -> Break:
    """The example with its calendars, which two people use, and one text of it changed."""

    def with_calendars(bench: Workbench) -> None:
        with_example(bench.config)
        shutil.copyfile(DOCS / CALENDARS, bench.config / CALENDARS)
        for person, calendar in (("Ana", "emergencies"), ("Sam", "office")):
            bench.edit(PEOPLE, f"{{name: {person}, ", f"{{on_duty: {calendar}, name: {person}, ")

    return together(with_calendars, edit(file, old, new))


def office(calendar: str) -> Break:
    """The reception opens by a calendar."""

    def shared(bench: Workbench) -> None:
        path = bench.config / RECEPTION
        text = path.read_text(encoding="utf-8")
        begin, end = text.index("    hours:"), text.index("    open: welcome")
        path.write_text(f"{text[:begin]}    hours: {calendar}\n{text[end:]}", "utf-8")

    return shared


def one_day(old: str, new: str) -> Break:
    return broken(CALENDARS, old, new)


NO_CALENDARS: Break = together(lambda bench: with_example(bench.config) and None, office("office"))

# fmt: off
CASES: list[Case] = [
    (together(one_day("  office:", "  office:"), office("ofice")),
     ['config/flows/reception.yaml:14:12 CF083 there is no calendar "ofice" (did you mean "office"?)']),
    (NO_CALENDARS,
     ['config/flows/reception.yaml:14:12 CF083 there is no calendar "office": there is no calendars.yaml']),
    (together(one_day("  office:", "  office:"), office("{calendar: office, holidays: [\"12-25\"]}")),
     ['config/flows/reception.yaml:14:12 CF083 the hours of "office" are in calendars.yaml; a step cannot change them']),
    (together(one_day("  office:", "  office:"), office("{timezone: Europe/London}")),
     ['config/flows/reception.yaml:14:12 CF033 the "hours" step "opening" needs "weekly", or the name of a calendar: {hours: office}']),
    (one_day('"2027-03-26"', '"2027-02-29"'),
     ['config/calendars.yaml:16:9 CF072 "2027-02-29" is not in the calendar']),
    (one_day('"2027-03-26"', '"02-30"'),
     ['config/calendars.yaml:16:9 CF072 "02-30" is not in the calendar']),
    (one_day('"2027-08-02 to 2027-08-13"', '"2027-08-13 to 2027-08-02"'),
     ['config/calendars.yaml:17:9 CF072 "2027-08-13 to 2027-08-02" ends before it begins, or lasts more than a year']),
    (one_day('"2027-08-02 to 2027-08-13"', '"2027-08-02 to 2037-08-13"'),
     ['config/calendars.yaml:17:9 CF072 "2027-08-02 to 2037-08-13" ends before it begins, or lasts more than a year']),
    (one_day('"2027-08-02 to 2027-08-13"', '"2027-08-02 until 2027-08-13"'),
     ['config/calendars.yaml:17:9 CF016 entry 3 of "holidays": "2027-08-02 until 2027-08-13" is not a date like "2026-12-25", "12-25" for every year, or "2026-12-27 to 2027-01-02"']),
    (one_day('"2027-06-12": [', '"2027-03-26": ['),
     ['config/calendars.yaml:16:9 CF072 "2027-03-26" and "2027-03-26" both cover 2027-03-26: give that day one meaning']),
    (one_day('"2027-06-12": [', '"12-30 to 01-05": ['),
     ['config/calendars.yaml:15:9 CF072 "12-25 to 01-01" and "12-30 to 01-05" both cover 12-30: give that day one meaning']),
    (one_day('["08:00-12:00"]', '["08:00-12:00", "11:00-13:00"]'),
     ['config/calendars.yaml:19:16 CF072 "12-24": "08:00-12:00" and "11:00-13:00" overlap']),
    (together(one_day('"2027-03-26"', '"2026-04-03"'), edit(CALENDARS, '"2027-08-02 to 2027-08-13"', '"2026-08-03 to 2026-08-14"')),
     ['config/calendars.yaml:14:5 CF081 the last holiday was 2026-08-14: add those that come, or take away what is over']),
    (one_day('"2027-06-12": [', '"2026-06-12": ['),
     ['config/calendars.yaml:18:5 CF081 the last day with other hours was 2026-06-12: add those that come, or take away what is over']),
    (broken(RECEPTION, "timezone: Europe/London", "timezone: Etc/GMT+5"),
     ['config/flows/reception.yaml:15:17 CF082 the time zone "Etc/GMT+5" has no summer time; write a place, like Europe/London']),
    (broken(RECEPTION, "      timezone: Europe/London\n", ""),
     ['config/flows/reception.yaml:14:5 CF082 the time zone "UTC" of callflow.yaml has no summer time; write a place, like Europe/London']),
]
# fmt: on
