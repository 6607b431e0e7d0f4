"""Keeps the log of finished calls: appends to it, signs checkpoints, and shows them to others (docs/evidence.md)."""
