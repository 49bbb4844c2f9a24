"""The packets of a capture file, in Wireshark's numbering, without a look inside them: pcap, pcapng, either in gzip."""

import gzip
import struct

SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, PACKET = 0x0A0D0D0A, 1, 2, 3, 6


def packets(path):
    """A list; packet n of Wireshark is at index n-1."""
    with open(path, "rb") as f:
        data = f.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return pcapng(data) if data[:4] == b"\x0a\x0d\x0d\x0a" else pcap(data)


def pcap(data):
    magic = data[:4]
    order = "<" if magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    assert magic in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\xa1\xb2\x3c\x4d"), "not a pcap file"
    at, found = 24, []
    while at + 16 <= len(data):
        captured = struct.unpack(order + "I", data[at + 8 : at + 12])[0]
        found.append(data[at + 16 : at + 16 + captured])
        at += 16 + captured
    return found


def pcapng(data):
    at, order, snaplens, found = 0, "<", [], []
    u32 = lambda at: struct.unpack(order + "I", data[at : at + 4])[0]
    while at + 12 <= len(data):
        if data[at : at + 4] == b"\x0a\x0d\x0d\x0a":
            order, snaplens = ("<" if data[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">"), []
        kind, length = u32(at), u32(at + 4)
        assert length >= 12 and length % 4 == 0, f"broken block at {at}"
        if kind == INTERFACE:
            snaplens.append(u32(at + 12) or 1 << 31)
        elif kind in (PACKET, OLD_PACKET):
            captured = u32(at + 20)
            found.append(data[at + 28 : at + 28 + captured])
        elif kind == SIMPLE_PACKET:
            captured = min(u32(at + 8), snaplens[0], length - 16)
            found.append(data[at + 12 : at + 12 + captured])
        at += length
    return found
