"""What every house has of its own: lines, and a system that is told of calls."""

OWN_LINES = {  # the warnings are shorter, because some languages are spoken at half the pace
    "matters_menu": "Press 1 for a bill, 2 for a delivery, or 3 for a call back.",
    "pick_language": "Press 1 or 2.", "ask_account": "Please type your account number.",
    "ask_matter": "How can we help?", "ask_free": "In a few words, how can we help?",
    "one_moment": "One moment, please.",
    "hello_name": "Hello, {customer_name}, about {account} and {matter}.", "ring_offer": "Press 1 for a call back.",
    "night_thanks": "Thank you, we will be in touch.", "practice_welcome": "Welcome to {org}, {town}.",
    "warning_first": "We want to help you. Please continue without {conduct}, so that {agent} can help.",
    "warning_final": "We want to help you, but this call may end because of {conduct}. You can contact us again.",
}  # fmt: skip
MAILER = {"mailer": {"url": "https://crm.example.com/calls", "secret": "CRM_SECRET", "events": ["promise"]}}
FIRM = {"issuer": "https://login.example.com", "client_id": "callflow", "secret": "OIDC_SECRET", "person": "email",
        "domain": "example.com", "people": {"omar.o@example.com": "omar"}, "claim": "groups",
        "roles": {"callflow ops": "ops"}}  # fmt: skip
"""The firm's own sign-in."""
