# ruff: noqa: E501 - a message is one line
"""Hours of people, calendars of nobody, and one person in both lists."""

from tests.configuration.breaking import FLOW, PEOPLE, Break, Case, edit, together, write

CALENDARS = "calendars.yaml"
OFFICE = """version: 1
calendars:
  office:
    timezone: Europe/London
    weekly: {monday: ["09:00-17:00"], tuesday: ["09:00-17:00"]}
    holidays: ["12-25"]
"""


def opening(hours: str) -> Break:
    """The front desk connects only in these hours, and nobody is rung in others: ``duty`` is of everybody."""
    return together(
        write(CALENDARS, OFFICE.encode()),
        edit(
            FLOW,
            "start: welcome\nsteps:\n",
            f"start: opening\nsteps:\n  opening: {{hours: {hours}, open: welcome, closed: message}}\n",
        ),
    )


def on_duty(person: str, hours: str) -> Break:
    return edit(
        PEOPLE, f"  {person}: {{name: {person.title()}, ", f"  {person}: {{name: {person.title()}, on_duty: {hours}, "
    )


EVERYBODY = together(*(on_duty(one, "office") for one in ("ana", "ben", "sam", "sky")))
AGENTS = together(on_duty("ana", "office"), on_duty("ben", "office"))
BEN = '  ben: {name: Ben, phone: "+15550100112"}'
SKY = '  sky: {name: Sky, phone: "+15550100122", role: the duty manager}'
BOTH = f'{SKY}\n  ben: {{name: Ben, phone: "+15550100112", role: the owner}}'

# fmt: off
CASES: list[Case] = [
    (together(opening("{timezone: Europe/London, weekly: {monday: [\"09:00-17:30\"]}}"), AGENTS),
     ['config/people.yaml:24:36 CF200 nobody of "energy_desk" is on duty on Monday at 17:00, when callers of the flow "front_desk" come to it']),
    (together(opening("{timezone: Europe/London, weekly: {monday: [\"09:00-17:00\"]}, special_hours: {\"2026-12-25\": [\"10:00-12:00\"]}}"), EVERYBODY),
     ['config/people.yaml:24:36 CF200 nobody of "energy_desk" is on duty on 2026-12-25 at 10:00, when callers of the flow "front_desk" come to it',
      'config/people.yaml:24:56 CF200 no supervisor of "energy_desk" is on duty on 2026-12-25 at 10:00, when callers of the flow "front_desk" come to it']),
    (together(write(CALENDARS, OFFICE.replace("12-25", "02-30").encode()), EVERYBODY),
     ['config/calendars.yaml:6:16 CF072 "02-30" is not in the calendar']),
    (together(write(CALENDARS, OFFICE.replace("Europe/London", "Europe/Lundon").encode()), EVERYBODY),
     ['config/calendars.yaml:4:15 CF072 the time zone "Europe/Lundon" is not known here; write it like Europe/London']),
    (together(write(CALENDARS, OFFICE.encode()), AGENTS),
     ['config/people.yaml:24:36 CF200 nobody of "energy_desk" is on duty on Monday at 00:00, when callers of the flow "front_desk" come to it']),
    (write(CALENDARS, OFFICE.encode()),
     ['config/calendars.yaml:3:3 CF201 no step and no person uses the calendar "office"']),
    (on_duty("ana", "office"),
     ['config/people.yaml:7:29 CF083 there is no calendar "office": there is no calendars.yaml']),
    (together(write(CALENDARS, OFFICE.encode()), on_duty("ana", "offise")),
     ['config/people.yaml:7:29 CF083 there is no calendar "offise" (did you mean "office"?)']),
    (together(write(CALENDARS, OFFICE.encode()), on_duty("ana", "{calendar: office, holidays: [\"01-01\"]}")),
     ['config/people.yaml:7:29 CF083 the hours of "office" are in calendars.yaml; a person cannot change them']),
    (on_duty("sam", "{timezone: Europe/London}"),
     ['config/people.yaml:12:29 CF033 "on_duty" of "sam" needs "weekly", or the name of a calendar: {on_duty: office}']),
    (on_duty("sam", "{timezone: Europe/London, weekly: {monday: [\"09:00-12:00\", \"11:00-17:00\"]}}"),
     ['config/people.yaml:12:72 CF072 "monday": "09:00-12:00" and "11:00-17:00" overlap']),
    (together(edit(PEOPLE, SKY, BOTH), edit(PEOPLE, "supervisors: [sam, sky]", "supervisors: [sam, sky, ben]"), edit(PEOPLE, "name: Ben, phone: \"+15550100112\", role", "name: Benjamin, phone: \"+15550100112\", role")),
     ['config/people.yaml:14:3 CF021 "ben" is the id of an agent, too, with another name: it must be one and the same person']),
    (together(edit(PEOPLE, SKY, BOTH), edit(PEOPLE, "supervisors: [sam, sky]", "supervisors: [sam, sky, ben]"), edit(PEOPLE, '"+15550100112", role', '"+15550100113", role')),
     ['config/people.yaml:14:3 CF021 "ben" is the id of an agent, too, with another phone: it must be one and the same person']),
    (together(edit(PEOPLE, SKY, BOTH), edit(PEOPLE, "supervisors: [sam, sky]", "supervisors: [ben]")),
     ['config/people.yaml:12:3 CF128 "sam" is in no team and is never rung',
      'config/people.yaml:13:3 CF128 "sky" is in no team and is never rung',
      'config/people.yaml:25:70 CF202 "ben" is the only supervisor of "energy_desk" and one of its agents: nobody helps with those calls']),
]
# fmt: on
GOOD = together(
    opening("office"),
    EVERYBODY,
    edit(
        PEOPLE,
        "role: the duty manager}",
        'role: the duty manager}\n  ana: {name: Ana, phone: "+15550100111", role: the owner}',
    ),
    edit(PEOPLE, "supervisors: [sam, sky]", "supervisors: [sam, sky, ana]"),
)  # fmt: skip
"""People with the hours of their flow, and one who is agent and supervisor."""
