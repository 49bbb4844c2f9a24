"""Audio and video tags of an FLV file, read independently of the program under test."""

import struct
from collections import namedtuple

Tag = namedtuple("Tag", "type time body")
AUDIO, VIDEO = 8, 9


def media_tags(path):
    with open(path, "rb") as f:
        data = f.read()
    assert data[:3] == b"FLV", f"{path} is no FLV file"
    at, tags = struct.unpack(">I", data[5:9])[0] + 4, []
    while at + 11 <= len(data):
        kind, size = data[at] & 0x1F, int.from_bytes(data[at + 1 : at + 4], "big")
        time = int.from_bytes(data[at + 4 : at + 7], "big") | data[at + 7] << 24
        if at + 11 + size > len(data):
            break  # cut by the end of the program that wrote it
        if kind in (AUDIO, VIDEO):
            tags.append(Tag(kind, time, data[at + 11 : at + 11 + size]))
        at += 11 + size + 4
    return tags


def is_configuration(tag):
    """AAC or AVC sequence header"""
    if tag.type == AUDIO:
        return tag.body[:1] and tag.body[0] >> 4 == 10 and tag.body[1:2] == b"\0"
    return tag.body[:1] == b"\x17" and tag.body[1:2] == b"\0"


def without_repeated_configuration(tags):
    """nginx-rtmp writes a sequence header again when it opens the file after having seen one."""
    seen, out = set(), []
    for tag in tags:
        if is_configuration(tag):
            if (tag.type, tag.body) in seen:
                continue
            seen.add((tag.type, tag.body))
        out.append(tag)
    return out


def rebased(tags):
    """Times from the first tag on."""
    return [Tag(t.type, t.time - tags[0].time, t.body) for t in tags]
