"""Bare Flask, for start-up and memory."""

from flask import Flask

app = Flask("bare")


@app.get("/healthz")
def alive() -> str:
    return "alive"
