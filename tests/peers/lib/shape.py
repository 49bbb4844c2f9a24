"""Where the provenance of a message stands in the JSON of `export --detail fields`: the only place that knows the names."""

from collections import namedtuple

DETAIL = "fields"
Part = namedtuple("Part", "begin end header packets carriers fields")  # a chunk; offsets in the direction's stream
Carrier = namedtuple("Carrier", "packet at length frame_offset")  # a run of stream bytes in one packet of the capture
Leaf = namedtuple("Leaf", "name at bits")  # at: bits from the start of the header or body


def parts(message):
    return [
        Part(p["span"][0], p["span"][1], bytes.fromhex(p["header"]), tuple(p["packets"]), carriers(p), p["fields"])
        for p in message["parts"]
    ]  # fmt: skip


def carriers(part):
    return [Carrier(c["packet"], c["at"], c["length"], c["frame_offset"]) for c in part["carriers"]]


def body_fields(message):
    return message["fields"]


def leaves(nodes):
    """Gaps are leaves; what takes no bits is derived and lies nowhere."""
    for node in nodes:
        if "fields" in node:
            yield from leaves(node["fields"])
        elif node["bits"] > 0:
            yield Leaf(node["name"], node["at"], node["bits"])


def groups(nodes):
    for node in nodes:
        if "fields" in node:
            yield node
            yield from groups(node["fields"])
