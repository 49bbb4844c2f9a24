"""Three network namespaces in a row, client, proxy and server, with IPv4 and IPv6; the proxy's namespace routes."""

import os
import signal
import socket
import subprocess
import time

from checks import expect
from net import Lab, ip, output, read, stop, wait_for
from pcap import packets
from scope import BINARY

CLIENT, PROXY, SERVER = "192.0.2.10", "192.0.2.1", "198.51.100.20"
CLIENT6, PROXY6, SERVER6 = "2001:db8:1::10", "2001:db8:1::1", "2001:db8:2::20"
PROXY_OUT, PROXY_OUT6 = "198.51.100.1", "2001:db8:2::1"


class Road(Lab):
    def __init__(self, folder):
        super().__init__(folder)
        self.scopes = []
        self.proxy = f"{os.environ['PEERS_NETNS']}-p"

    def __enter__(self):
        try:
            for name in (self.client, self.proxy, self.server):
                ip("netns", "add", name)
                self.made.append(name)
                ip("-n", name, "link", "set", "dev", "lo", "up")
            for end, name, near, far in (
                (self.client, "in", ((CLIENT, 24), (CLIENT6, 64)), ((PROXY, 24), (PROXY6, 64))),
                (self.server, "out", ((SERVER, 24), (SERVER6, 64)), ((PROXY_OUT, 24), (PROXY_OUT6, 64))),
            ):
                ip("-n", end, "link", "add", "eth", "type", "veth", "peer", "name", name, "netns", self.proxy)
                for namespace, device, addresses in ((end, "eth", near), (self.proxy, name, far)):
                    for address, bits in addresses:
                        ip("-n", namespace, "address", "add", f"{address}/{bits}", "dev", device, *(["nodad"] if ":" in address else []))
                    ip("-n", namespace, "link", "set", "dev", device, "gso_max_segs", "1", "up")
                for address, _ in far:
                    ip("-n", end, "-6" if ":" in address else "-4", "route", "add", "default", "via", address)
            self.run(self.proxy, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        except BaseException:
            self.__exit__()
            raise
        return self

    def run(self, namespace, *command, statuses=(0,)):
        done = subprocess.run(["ip", "netns", "exec", namespace, *command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
        expect(done.returncode in statuses, f"{' '.join(command)}: {done.returncode}: {done.stderr[:300]}")
        return done.stdout

    def scope(self, log, *arguments):
        for earlier in self.scopes:  # of a check that failed
            stop(earlier)
        process = self.start(self.proxy, BINARY, "proxy", *arguments, log=log)
        self.scopes.append(process)
        wait_for(process, lambda: "Waiting for clients" in read(process.log), "the proxy")
        return process

    def tap(self, device, name):
        """tcpdump beside the proxy."""
        process = self.start(
            self.proxy, "tcpdump", "-i", device, "-n", "-s", "70000", "-U", "--immediate-mode", "-B", "65536", "-Z", "root", "-w", self.path(name), "tcp port 1935 or tcp port 1936",
            log=name + ".log",
        )  # fmt: skip
        wait_for(process, lambda: "listening on" in read(process.log), "tcpdump")
        return process


def end(process, seconds=15):
    """Ctrl-C; the exit status."""
    stop(process, signal.SIGINT, seconds)
    return process.returncode


def streams(path):
    """What each side of each TCP connection sent, put together by sequence numbers alone: {ports: [client, server]}."""
    found, order = {}, []
    for frame in packets(path):
        at = 14
        if frame[12:14] == b"\x08\x00":
            at, total, source, target = at + (frame[at] & 15) * 4, at + int.from_bytes(frame[at + 2 : at + 4], "big"), frame[26:30], frame[30:34]
        else:
            at, total, source, target = at + 40, at + 40 + int.from_bytes(frame[at + 4 : at + 6], "big"), frame[22:38], frame[38:54]
        seq, flags = int.from_bytes(frame[at + 4 : at + 8], "big"), frame[at + 13]
        here, there = (source, frame[at : at + 2]), (target, frame[at + 2 : at + 4])
        if flags & 18 == 2:
            found[here, there] = [{}, {}, seq + 1, None]
            order.append((here, there))
        side = 0 if (here, there) in found else 1
        connection = found.get((here, there)) or found.get((there, here))
        if connection is None:
            continue
        if flags & 2 and side:
            connection[3] = seq + 1
        payload = frame[at + (frame[at + 12] >> 4) * 4 : total]
        if payload and connection[2 + side] is not None:
            connection[side].setdefault((seq - connection[2 + side]) % 2**32, payload)
    return [[joined(found[key][side]) for side in (0, 1)] for key in order]


def joined(segments):
    out = bytearray()
    for at in sorted(segments):
        expect(at <= len(out), f"bytes {len(out)} to {at} were not captured")
        out[at : at + len(segments[at])] = segments[at]
    return bytes(out)
