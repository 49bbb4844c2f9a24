"""FFmpeg's `trace_headers`: every syntax element of parameter sets, SEI and OBU headers, held against our tree, bit by bit."""

import re
import subprocess
from collections import namedtuple

from checks import Disagree, expect

# where a unit stands in the stream: its bits as text, and the elements that FFmpeg read from them
Unit = namedtuple("Unit", "title elements")
Element = namedtuple("Element", "at name bits value")
Leaf = namedtuple("Leaf", "at end name value whole")

ROW = re.compile(r"^\[trace_headers @ \w+\] (\d+)\s+(\S+)\s+([01]+) = (-?\d+)$")
TITLE = re.compile(r"^\[trace_headers @ \w+\] ([A-Z].*)$")
FIRST = ("forbidden_zero_bit", "obu_forbidden_bit")


def units(program, media, stream="v:0"):
    """The units of a stream in order, those of the decoder configuration first."""
    command = [program, "-nostdin", "-hide_banner", "-i", media, "-map", f"0:{stream}", "-c", "copy", "-bsf:v", "trace_headers", "-f", "null", "-"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    found, title = [], ""
    for line in done.stderr.decode(errors="replace").replace("\r", "\n").splitlines():
        line = line[line.find("[trace_headers") :] if "[trace_headers" in line else line
        if row := ROW.match(line):
            at, name, bits, value = int(row[1]), row[2], row[3], int(row[4])
            if name in FIRST:
                found.append(Unit(title, []))
            if found:
                found[-1].elements.append(Element(at, name, bits, value))
        elif words := TITLE.match(line):
            title = words[1]
    expect(found, f"trace_headers says nothing of {media}: {done.stderr[-300:]}")
    return found


def our_units(events):
    """The NAL units and OBUs of the video messages of one session, as (bits without stuffed bytes, leaves)."""
    for event in events:
        body = event["bytes"]
        for field in event.get("fields", ()):
            yield from walk(field, body)


def walk(field, body):
    inside = field.get("fields", ())
    if any(inner["name"] in FIRST for inner in inside):
        yield unit(field, body)
        return
    for inner in inside:
        yield from walk(inner, body)


def unit(group, body):
    """Positions of leaves are those in the bits that are left without the stuffed bytes."""
    all_leaves = list(leaves(group))
    nal = any(inner["name"] == "forbidden_zero_bit" for inner in group["fields"])
    if nal:
        all_leaves = [leaf for leaf in all_leaves if leaf["name"] not in ("nal_length", "start_code")]
    first = all_leaves[0]["at"]
    end = max(leaf["at"] + leaf["bits"] for leaf in all_leaves)
    data = body[first // 8 : (end + 7) // 8]
    kept = unstuffed(data) if nal else list(range(len(data)))
    place = {old: new for new, old in enumerate(kept)}
    place[len(data)] = len(kept)

    def move(bit):
        byte = (bit - first) // 8
        while byte not in place:  # a stuffed byte: what is here ends or begins behind it
            byte, bit = byte + 1, (bit // 8 + 1) * 8
        return place[byte] * 8 + (bit - first) % 8

    bits = "".join(f"{data[old]:08b}" for old in kept)
    moved = [
        Leaf(move(leaf["at"]), move(leaf["at"] + leaf["bits"]), leaf["name"], leaf.get("value"), is_whole(leaf))
        for leaf in all_leaves
        if leaf["name"] != "emulation_prevention"
    ]
    return bits, moved


def unstuffed(data):
    zeros, kept = 0, []
    for at, byte in enumerate(data):
        if zeros >= 2 and byte == 3:
            zeros = 0
            continue
        kept.append(at)
        zeros = zeros + 1 if byte == 0 else 0
    return kept


def leaves(field):
    inner = field.get("fields")
    if inner is None:
        if field["bits"]:
            yield field
        return
    for one in inner:
        yield from leaves(one)


def is_whole(leaf):
    return not isinstance(leaf.get("value"), (int, float)) and leaf["bits"] > 1


def bare_name(name):
    # the primaries of a mastering display come in any order; FFmpeg names them by their usual colours
    return re.sub(r"^(red|green|blue)_(?=[xy]$)", "display_primaries_", re.sub(r"^(vps|sps|pps|vui|bp)_", "", name))


class Names:
    """Which of their names stand where ours do: one of ours means one of theirs, whatever the words are."""

    def __init__(self):
        self.pairs = {}
        self.compared = self.finer = self.coarser = self.opaque = 0
        self.opened = {}

    def are_unambiguous(self):
        """Names that stand for the same in several structures lose their first syllable."""
        ours_of = {}
        for (family, ours), theirs in self.pairs.items():
            bare = {bare_name(name) for name in theirs}
            expect(len(bare) == 1, f"{family}: {ours} is {sorted(bare)}: {list(theirs.values())}")
            ours_of.setdefault((family, bare.pop()), set()).add(bare_name(ours))
        for (family, theirs), ours in ours_of.items():
            expect(len(ours) == 1, f"{family}: {theirs} is {sorted(ours)}")

    def compare(self, family, theirs, ours):
        """One unit, element by element."""
        bits, mine = ours
        starts = {leaf.at: leaf for leaf in mine}
        for element in theirs.elements:
            end = element.at + len(element.bits)
            at = f"{theirs.title}, {element.name} at bit {element.at}"
            if bits[element.at : end] != element.bits:
                raise Disagree(f"{at}: our bits are {bits[element.at:end]}, theirs {element.bits}")
            leaf = starts.get(element.at)
            if leaf and leaf.end == end:
                if leaf.value is None and leaf.name == "rbsp_trailing_bits":
                    self.compared += 1
                    continue
                if not leaf.whole or isinstance(leaf.value, (int, bool)):
                    if leaf.value is not None and int(leaf.value) != element.value:
                        raise Disagree(f"{at}: ours is {leaf.name} = {leaf.value}, theirs {element.value}")
                self.compared += 1
                key = (family, leaf.name)
                self.pairs.setdefault(key, {}).setdefault(re.sub(r"\[.*", "", element.name), at)
                continue
            around = next((leaf for leaf in mine if leaf.at <= element.at and end <= leaf.end), None)
            if around is None:
                inside = [leaf for leaf in mine if element.at <= leaf.at and leaf.end <= end]
                if inside and inside[0].at == element.at and inside[-1].end == end:
                    self.finer += 1
                    continue
                raise Disagree(f"{at}: our fields begin elsewhere: {[l.name for l in mine if l.at < end and l.end > element.at]}")
            if around.whole:
                self.opaque += 1
                self.opened.setdefault((family, around.name), set()).add(re.sub(r"\[.*", "", element.name))
            elif around.name in ("payload_type", "payload_size"):  # bytes of 255 and one more are added up
                self.coarser += 1
                added = bits[around.at : around.end]
                value = sum(int(added[at : at + 8], 2) for at in range(0, len(added), 8))
                if around.value != value:
                    raise Disagree(f"{at}: {around.name} = {around.value} should be {value}")
            else:
                value = int(bits[around.at : around.end], 2)
                if around.value != value:
                    raise Disagree(f"{at}: {around.name} = {around.value} of which it is a part should be {value}")
                self.coarser += 1
                self.opened.setdefault((family, around.name), set()).add(re.sub(r"\[.*", "", element.name))
