"""A publisher that says exactly what it is told to: run as `publish.py HOST PORT APP KEY FLV [without=NAME] [twice=NAME] [extra=NAME] [version=TEXT]`.

It sends an FLV file in real time. `without` leaves a command out, `twice` says one twice, `extra` adds one behind createStream, `version` is its flashVer."""

import os
import socket
import struct
import sys
import threading
import time

CHUNK = 4096


def amf(value):
    if isinstance(value, dict):
        return b"\x03" + b"".join(struct.pack(">H", len(k)) + k.encode() + amf(v) for k, v in value.items()) + b"\0\0\x09"
    if isinstance(value, str):
        return b"\x02" + struct.pack(">H", len(value)) + value.encode()
    return b"\x05" if value is None else b"\0" + struct.pack(">d", value)


class Publisher:
    def __init__(self, host, port, changes):
        self.socket = socket.create_connection((host, port), 10)
        self.changes = changes
        self.heard = bytearray()
        self.transaction = 0
        self.socket.sendall(b"\x03" + bytes(8) + os.urandom(1528))
        answer = b""
        while len(answer) < 1 + 2 * 1536:
            answer += self.socket.recv(65536)
        self.heard += answer[1 + 2 * 1536 :]
        self.socket.sendall(answer[1 : 1 + 1536])
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        try:
            while data := self.socket.recv(65536):
                self.heard += data
        except OSError:
            pass

    def wait(self, text, times=1):
        deadline = time.monotonic() + 5
        while self.heard.count(text) < times:
            if time.monotonic() > deadline:
                sys.exit(f"the server does not say {text}")
            time.sleep(0.005)

    def send(self, csid, kind, stream, timestamp, body):
        out = bytes([csid]) + timestamp.to_bytes(3, "big") + len(body).to_bytes(3, "big") + bytes([kind]) + struct.pack("<I", stream)
        for at in range(0, len(body), CHUNK):
            out += (bytes([0xC0 | csid]) if at else b"") + body[at : at + CHUNK]
        self.socket.sendall(out)

    def command(self, name, *values, stream=0, csid=3):
        for _ in range({self.changes.get("without"): 0, self.changes.get("twice"): 2}.get(name, 1)):
            self.transaction += 1
            self.send(csid, 20, stream, 0, amf(name) + amf(float(self.transaction)) + b"".join(map(amf, values)))

    def publish(self, url, app, key, tags):
        self.send(2, 1, 0, 0, CHUNK.to_bytes(4, "big"))
        self.command("connect", {"app": app, "type": "nonprivate", "flashVer": self.changes.get("version", "FMLE/3.0 (compatible; peer)"), "tcUrl": url})
        self.wait(b"_result")
        self.command("releaseStream", None, key)
        self.command("FCPublish", None, key)
        self.command("createStream", None)
        self.wait(b"_result", 2)
        if "extra" in self.changes:
            self.command(self.changes["extra"], None, "hello")
        self.command("publish", None, key, "live", stream=1, csid=4)
        self.wait(b"NetStream.Publish.Start")
        begun = time.monotonic()
        for kind, timestamp, body in tags:
            time.sleep(max(0, begun + timestamp / 1000 - time.monotonic()))
            if kind == 18:
                body = amf("@setDataFrame") + body
            self.send({8: 5, 9: 6}.get(kind, 4), kind, 1, timestamp, body)
        self.command("FCUnpublish", None, key)
        self.command("deleteStream", None, 1.0)
        time.sleep(0.2)
        self.socket.shutdown(socket.SHUT_WR)
        time.sleep(0.2)


def tags(path):
    with open(path, "rb") as f:
        data = f.read()
    at = int.from_bytes(data[5:9], "big") + 4
    while at + 11 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        yield data[at] & 31, int.from_bytes(data[at + 4 : at + 7], "big") | data[at + 7] << 24, data[at + 11 : at + 11 + size]
        at += 11 + size + 4


def main():
    host, port, app, key, flv, *changes = sys.argv[1:]
    publisher = Publisher(host, int(port), dict(change.split("=", 1) for change in changes))
    publisher.publish(f"rtmp://{host}:{port}/{app}", app, key, list(tags(flv)))


main()
