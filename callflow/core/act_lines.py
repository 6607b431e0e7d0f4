"""The rows of ``script_catalogue`` about those who listen to a call, and act on it from elsewhere."""

CALLER = """
    listener_notice: supervisor
    supervisor_joins: agent supervisor
"""
STAFF = """
    listener_joins: supervisor
    listen_offer: facts
    join_offer: facts
    listen_wait:
    listen_menu: agent
    told_final_warning: facts conduct
    vetoed: supervisor
"""
