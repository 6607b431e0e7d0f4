"""The environment variables that Callflow reads (``settings``)."""

VARIABLES = {
    "CALLFLOW_CONFIG": "directory of the YAML files (config)",
    "CALLFLOW_AUDIO": "directory of the recordings (audio beside CALLFLOW_CONFIG if it is there, else audio)",
    "CALLFLOW_CACHE": "directory for data that can be deleted at any time (var/cache)",
    "CALLFLOW_RECORDINGS": "where recordings of people are kept, sealed: a folder, the same on every server, or the "
    "URL of an object store like s3://bucket/folder (var/recordings)",
    "CALLFLOW_DATABASE_URL": "sqlite:///... or postgresql://... (sqlite:///var/callflow.db)",
    "CALLFLOW_PUBLIC_URL": "the URL at which the provider reaches this server, for example https://voice.example.com",
    "CALLFLOW_FALLBACK_URL": "the URL of another node, used when this one does not answer (CALLFLOW_PUBLIC_URL)",
    "CALLFLOW_FALLBACK_DOCUMENT": "the URL of a document that the provider hosts (a TwiML Bin), used when no server of "
    "ours answers; `callflow provision` prints its text (optional)",
    "CALLFLOW_CALLS_PER_SECOND": "how many outgoing calls a second the account may start (1)",
    "CALLFLOW_THREADS": "how many webhooks are answered at once (16)",
    "CALLFLOW_WORKER": "off: this server leaves slow work to `callflow work` (on)",
    "CALLFLOW_OPERATIONS": "address and port where health and metrics are answered apart from the webhooks, or off "
    "(127.0.0.1:8009)",
    "CALLFLOW_OPERATIONS_TOKEN": "a bearer token with which others than this machine may read them (optional)",
    "CALLFLOW_LOG_FORMAT": "text or json (text)",
    "CALLFLOW_LOG_LEVEL": "debug, info, warning or error (info)",
    "CALLFLOW_SECRET_KEY": "seals what the database holds of people, and signs URLs; the same on every node",
    "CALLFLOW_SECRET_KEY_BEFORE": "the secrets before it, comma-separated, while rotating (docs/upgrading.md)",
    "CALLFLOW_LOG_KEY": "signs the checkpoints of the log of finished calls, the same on every server; make one with "
    "`callflow log key` (optional)",
    "CALLFLOW_LOG_WITNESSES": "KEY URL, comma-separated: who cosigns the checkpoints (optional)",
    "CALLFLOW_LOG_MAILBOX": "an https URL that checkpoints are posted to, or a command that gets them as its input "
    "(optional)",
    "CALLFLOW_LOG_MAILBOX_HOURS": "how long at least between two checkpoints for the mailbox (24)",
    "CALLFLOW_LOG_STAMP": "the URL of an authority that stamps the checkpoints with its time, RFC 3161 (optional)",
    "CALLFLOW_VCON_PEM": "a PEM file with the key and certificates that sign vCons of incident files (optional)",
    "TWILIO_ACCOUNT_SID": "AC and 32 hex digits, from the provider's console",
    "TWILIO_AUTH_TOKEN": "verifies webhooks of the provider; a comma-separated list while rotating, "
    "with ACxxx:token for the token of a sub-account",
    "TWILIO_API_KEY": "SK and 32 hex digits: used for our requests instead of the token (optional)",
    "TWILIO_API_SECRET": "the secret of TWILIO_API_KEY",
    "TWILIO_SUBACCOUNT_KEYS": "ACxxx:SKxxx:secret, comma-separated: API keys for calls of sub-accounts (optional)",
    "TWILIO_API_BASE_URL": "another server that speaks the provider's API (https://api.twilio.com)",
    "TWILIO_SHARED_KEYS": "id:secret, comma-separated: keys that sign webhooks with HMAC_SHA256 (optional, beta)",
}
"""Every variable with its meaning, its default in brackets. ``NAME_FILE`` names a file that has the value of NAME."""
