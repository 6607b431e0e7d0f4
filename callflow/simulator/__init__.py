"""Whole calls without a telephone: app and emulator in one process on a virtual clock, and the demo's storyteller."""
