"""A line per check, in the form that tests/peers/run counts: `ok   suite: name` or `FAIL suite: name: why`."""

import contextlib
import os
import signal
import sys

SUITE = os.path.basename(sys.argv[0])
REPOSITORY = os.environ["REPOSITORY"]
SAMPLES = os.path.join(REPOSITORY, "samples")
SHARED = os.environ["SHARED"]
passed = failed = 0


class Disagree(Exception):
    """What a check found is not what it expected."""


def expect(condition, why):
    if not condition:
        raise Disagree(why)


def expect_same(ours, theirs, what):
    if ours != theirs:
        raise Disagree(f"{what}: ours {short(ours)}, expected {short(theirs)}")


@contextlib.contextmanager
def check(name):
    """The body passes, or raises and thereby says why not; the suite goes on."""
    try:
        yield
    except Exception as e:
        fail(name, str(e) if isinstance(e, Disagree) else f"{type(e).__name__}: {e}")
    else:
        ok(name)


def ok(name):
    global passed
    passed += 1
    print(f"ok   {SUITE}: {name}")


def fail(name, why):
    global failed
    failed += 1
    print(f"FAIL {SUITE}: {name}: {' '.join(str(why).split())[:600]}")


def info(text):
    print(f"info {SUITE}: {text}")


def work_folder():
    path = os.path.join(os.environ["PEERS_WORK"], SUITE)
    os.makedirs(path, exist_ok=True)
    return path


def samples():
    names = sorted(n for n in os.listdir(SAMPLES) if n.endswith((".pcap", ".pcapng", ".pcap.gz")))
    expect(names, "no samples")
    return [os.path.join(SAMPLES, n) for n in names]


def leave():
    """Exit status 3 says: the FAIL lines are complete. An uncaught exception ends with 1."""
    if passed + failed == 0:
        fail("a suite", "checked nothing")
    sys.exit(3 if failed else 0)


def short(value, limit=160):
    text = repr(value)
    return text if len(text) <= limit else text[:limit] + "..."


def stopped(signum, frame):
    # so that `finally` runs when the runner's time limit ends the suite
    raise SystemExit(128 + signum)


signal.signal(signal.SIGTERM, stopped)
