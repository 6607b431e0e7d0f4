"""Simulated calls: the app and the emulator in one process on a virtual clock. Scenarios, replay and the demo."""
