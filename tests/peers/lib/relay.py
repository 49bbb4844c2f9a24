"""A relay that changes bytes on the way, for traffic that no program sends: run as `relay.py PORT TO_HOST TO_PORT [c2s|s2c OLD NEW]...`.

OLD and NEW are hex. The first place where OLD stands is replaced, once per connection."""

import socket
import sys
import threading


def pump(source, target, changes):
    changes = [(old, new) for old, new in changes]
    held = b""
    while True:
        try:
            data = source.recv(65536)
        except OSError:
            data = b""
        held += data
        for old, new in list(changes):
            if old in held:
                held = held.replace(old, new, 1)
                changes.remove((old, new))
        # what may be the beginning of something to change waits for its rest; a byte or two would often be random ones
        keep = max((n for old, _ in changes for n in range(4, len(old)) if held.endswith(old[:n])), default=0) if data else 0
        out, held = held[: len(held) - keep], held[len(held) - keep :]
        try:
            target.sendall(out)
        except OSError:
            return
        if not data:
            try:
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return


def main():
    port, host, to = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    rest = sys.argv[4:]
    changes = {"c2s": [], "s2c": []}
    for side, old, new in zip(rest[::3], rest[1::3], rest[2::3]):
        changes[side].append((bytes.fromhex(old), bytes.fromhex(new)))
    with socket.create_server(("", port)) as server:
        while True:
            client, _ = server.accept()
            upstream = socket.create_connection((host, to))
            for source, target, side in ((client, upstream, "c2s"), (upstream, client, "s2c")):
                threading.Thread(target=pump, args=(source, target, changes[side]), daemon=True).start()


if __name__ == "__main__":
    main()
