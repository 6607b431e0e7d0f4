"""The flows of a house."""

from typing import Any

from tests.world.texts import Texts


def front_desk(house: Texts) -> Any:
    """Short, with a menu: the flow that is played."""
    return {
        "version": 1, "start": "welcome",
        "variables": {"customer_name": {"description": house.spelt(house.long(200)), "default": house.name(3)},
                      "account": {"description": house.phrase(5), "default": house.phrase(5)},
                      "matter": {"description": house.phrase(5), "default": house.phrase(2)}},
        "steps": {
            "welcome": {"say": "greeting", "next": "hello"},
            "hello": {"say": "hello_name", "next": "reason"},
            "reason": {"menu": "reason_menu", "otherwise": "desk", "choices": {
                "1": {"next": "desk", "reason": house.phrase(5), "words": [house.phrase(5)]},
                "2": {"next": "desk", "reason": house.phrase(2)}}},
            "desk": {"connect": "energy_desk", "otherwise": "message"},
            "message": {"voicemail": "leave_message"},
        },
    }  # fmt: skip


def night() -> Any:
    steps = {"thanks": {"say": "night_thanks"}}
    return {"version": 1, "start": "thanks", "steps": steps}


def reception(house: Texts, hours: Any) -> Any:
    """Every verb with every key."""
    menu, waiting = {"attempts": 2, "seconds": 8}, {"wait": "one_moment"}
    values = {house.spelt(one): [house.spelt(one)] for one in house.tongue.words[-2:]}
    return {
        "version": 1, "start": "pick", "variables": front_desk(house)["variables"],
        "steps": {
            "pick": {"language": "pick_language", "languages": {"1": house.language, "2": house.other_language},
                     "next": "by_name", "otherwise": "by_name", **menu},
            "by_name": {"hours": {"calendar": "office"}, "open": "opening", "closed": "elsewhere"},
            "elsewhere": {"flow": "practice", "with": practice_with(house), "next": "night"},
            "opening": {"hours": hours, "open": "matters", "closed": "night"},
            "night": {"flow": "night", "next": "bye"},
            "matters": {"menu": "matters_menu", "otherwise": "in_words", **menu, "choices": {
                "1": {"next": "account", "reason": house.phrase(5), "words": house.words(2)},
                "2": {"next": "outside", "reason": house.phrase(4), "words": [house.spelt(house.tongue.words[3])]},
                "3": {"next": "ring_me"}}},
            "needs": {"adjustments": "adjustments_menu", "next": "free", "attempts": 2},
            "account": {"ask": "ask_account", "into": "account", "keep": True, "next": "find", "otherwise": "desk",
                        "digits": {"least": 6, "most": 10, "finish": house.chance.choice("#*")}, **menu},
            "find": {"lookup": "https://crm.example.com/{account}?from={number}", "next": "hello", "failed": "desk",
                     "method": "POST", "headers": {"Authorization": "$CRM_TOKEN"}, "body": {"account": "{account}"},
                     "values": {"customer_name": "customer.name"}, "timeout_seconds": 5, "retries": 1, **waiting},
            "hello": {"say": "hello_name", "next": "needs"},
            "in_words": {"ask": "ask_matter", "into": "matter", "words": values, "next": "desk",
                         "otherwise": "free"},
            "free": {"ask": "ask_free", "into": "matter", "next": "desk", "otherwise": "desk"},
            "outside": {"forward": house.callers[1], "ring_seconds": 20, "otherwise": "ring_me", **waiting},
            "ring_me": {"call_back": "energy_desk", "next": "bye", "otherwise": "message", "attempts": 2},
            "desk": {"connect": "energy_desk", "priority": 3, "wait_seconds": 300, "progress_seconds": 30,
                     "offer": "ring_offer", "choices": {"1": {"next": "ring_me"}}, "otherwise": "message"},
            "message": {"voicemail": "leave_message", "next": "bye"},
            "bye": {"end": "goodbye"},
        },
    }  # fmt: skip


def practice(house: Texts) -> Any:
    """What differs between the practices is a parameter."""
    steps = {
        "opening": {"hours": "$hours", "open": "welcome", "closed": "message"},
        "welcome": {"say": "$welcome", "next": "desk"},
    }
    parameters = dict.fromkeys(practice_with(house), house.spelt(house.long(200)))
    return {
        "version": 1,
        "include": ["shared/steps.yaml"],
        "parameters": parameters,
        "start": "opening",
        "steps": steps,
    }


def practice_with(house: Texts) -> Any:
    return {"desk": "energy_desk", "hours": "office", "welcome": "practice_welcome", "town": house.phrase(5)}


def last_steps(house: Texts) -> Any:
    """Steps that flows share, with what they need."""
    described = {"description": house.phrase(5), "default": house.phrase(5)}
    return {
        "version": 1, "include": ["shared/more_steps.yaml"], "parameters": {"desk": house.phrase(1)},
        "variables": {"matter": described}, "steps": {"desk": {"connect": "$desk", "otherwise": "message"}},
    }  # fmt: skip


def message_step() -> Any:
    return {"version": 1, "steps": {"message": {"voicemail": "leave_message"}}}
