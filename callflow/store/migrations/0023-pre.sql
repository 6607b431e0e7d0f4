-- Up to which entry of a call's journal a webhook has been told (``service.webhooks``).
CREATE TABLE webhook_positions (
    webhook TEXT NOT NULL,
    call BIGINT NOT NULL REFERENCES calls ("row"),
    entry BIGINT NOT NULL,
    PRIMARY KEY (webhook, call)
);
