"""Calls of the binary under test, and its NDJSON."""

import base64
import json
import os
import subprocess

from checks import Disagree, expect

BINARY = os.environ["RTMPSCOPE"]
EVERYTHING = ("--bodies", "base64", "--show-secrets")
DAMAGED = 5  # readable, but damaged or incomplete: export says so by its exit status
NO_RTMP = 4


class Run:
    def __init__(self, arguments, limit):
        self.line = "rtmpscope " + " ".join(os.path.basename(a) if "/" in a else a for a in arguments)
        try:
            done = subprocess.run([BINARY, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=limit)
        except subprocess.TimeoutExpired:
            raise Disagree(f"{self.line}: did not end in {limit} s")
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr.decode(errors="replace")


def call(*arguments, statuses=(0,), limit=60):
    run = Run(arguments, limit)
    expect("panicked at" not in run.err, f"{run.line}: panic: {run.err[:300]}")
    expect(run.status in statuses, f"{run.line}: exit status {run.status}: {run.err[:300]}")
    return run


def export(capture, *options, limit=60):
    """The exported bytes; damage and absence of RTMP are no failure here."""
    return call("export", capture, *options, "--allow-partial", "--allow-empty", limit=limit).out


def parse(ndjson):
    """Every line an object with no repeated key at any level."""
    events = []
    for number, line in enumerate(ndjson.splitlines(), 1):
        try:
            event = json.loads(line, object_pairs_hook=without_repeats, parse_constant=no_constant)
        except ValueError as e:
            raise Disagree(f"line {number}: {e}: {line[:120]!r}")
        expect(isinstance(event, dict) and "event" in event, f"line {number} is no event: {line[:120]!r}")
        events.append(event)
    expect(not ndjson or ndjson.endswith(b"\n"), "the last line does not end")
    return events


def messages(events):
    """Message events that came over the wire as messages of their own."""
    return [e for e in events if e["event"] == "message" and "within" not in e]


def body(message):
    return base64.b64decode(message["body"], validate=True)


def without_repeats(pairs):
    out = dict(pairs)
    if len(out) != len(pairs):
        names = [k for k, _ in pairs]
        raise ValueError(f"repeated key {next(k for k in names if names.count(k) > 1)!r}")
    return out


def no_constant(name):
    raise ValueError(f"{name} is not JSON")
