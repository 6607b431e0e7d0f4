-- By state, for the figures of monitoring.
CREATE INDEX follow_ups_counted ON follow_ups (kind, at, state, closed);
