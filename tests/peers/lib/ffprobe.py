"""FFmpeg's `ffprobe`: what a file holds, held against what export and summary say of it."""

import json
import re
import subprocess

from checks import expect, expect_same


def probe(path, options="", size=None):
    """What `ffprobe` says, and of what it does not say the options that the file was encoded with."""
    wanted = ["-show_streams", "-show_packets", "-show_data_hash", "MD5", "-count_packets"]
    done = subprocess.run(["ffprobe", "-v", "error", "-of", "json", *wanted, path], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=60)
    probed = json.loads(done.stdout)
    for stream in probed["streams"]:
        # Debian's ffprobe does not know VVC.
        if "codec_name" not in stream:
            width, height = map(int, size.split("x"))
            stream.update(codec_name="vvc", width=width, height=height, profile="Main 10", pix_fmt=re.search(r"-pix_fmt (\S+)", options)[1])
            stream.pop("level", None)
        # It tells how it would decode: pictures without chroma become 4:2:0 of 8 bits with grey chroma.
        elif grey := re.search(r"-pix_fmt (gray\S*)", options):
            stream["pix_fmt"] = grey[1]
    return probed


def by_track(probed):
    """Streams as the muxer of FLV numbers them: the first of each kind is track 0."""
    tracks = {}
    for stream in probed["streams"]:
        kind = stream["codec_type"]
        tracks[kind, sum(1 for k, _ in tracks if k == kind)] = stream
    return tracks


CODECS = {
    "h264": "avc", "hevc": "hevc", "av1": "av1", "vp9": "vp9", "vvc": "vvc", "aac": "aac", "mp3": "mp3", "opus": "opus", "flac": "flac", "ac3": "ac3", "eac3": "eac3",
    "flv1": "sorenson_h263", "flashsv2": "screen_video_2", "speex": "speex", "nellymoser": "nellymoser", "adpcm_swf": "adpcm",
    "pcm_s16le": "linear_pcm_le", "pcm_alaw": "g711_alaw",
}  # fmt: skip
FAMILIES = {"h264": "nal_unit", "hevc": "nal_unit", "vvc": "nal_unit", "av1": "obu"}


def same_facts(track, stream):
    config = track.get("config", {})
    what = f"{track['kind']} {track['track']}"
    # Nellymoser of 8 and 16 kHz has numbers of its own.
    expect_same([re.sub(r"_\d+k$", "", codec) for codec in track["codecs"]], [CODECS[stream["codec_name"]]], f"{what}: codec")
    expect_same(track["frames"], int(stream["nb_read_packets"]), f"{what}: packets")
    if track["kind"] == "audio":
        expect_same((config.get("rate"), config.get("channels")), (int(stream["sample_rate"]), stream["channels"]), f"{what}: rate and channels")
        if stream["codec_name"] == "aac":
            wanted = "AAC " + stream["profile"]
            expect(config["profile"] == wanted or stream["profile"] == "HE" and config["profile"].startswith("HE-AAC"), f"{what}: profile is {config['profile']}, not {wanted}")
        if stream["codec_name"] == "flac":
            expect_same(config["bits"], int(stream["bits_per_raw_sample"]), f"{what}: bits")
        return
    expect_same((track.get("width"), track.get("height")), (stream["width"], stream["height"]), f"{what}: size")
    if stream.get("profile"):
        expect_same(config.get("profile"), profile(stream), f"{what}: profile")
    if stream.get("level", -99) > 0:
        expect_same(config.get("level"), level(stream), f"{what}: level")
    if "pix_fmt" in stream and stream["codec_name"] in TITLES:
        chroma, bits = pixels(stream["pix_fmt"])
        expect_same((config.get("chroma"), config.get("bit_depth")), (chroma, bits), f"{what}: {stream['pix_fmt']}")
    rate, mean = eval_rate(stream["r_frame_rate"]), eval_rate(stream["avg_frame_rate"])
    if "fps" in config:
        expect(abs(config["fps"] / rate - 1) < 1e-4, f"{what}: {config['fps']} fps, ffprobe says {rate}")
    measured = track.get("per_second")  # of ten steps at least
    expect(measured is None and track["frames"] <= 10 or abs(measured / mean - 1) < 0.05, f"{what}: measured {measured} fps, ffprobe says {mean}")
    for key, names in (("primaries", "color_primaries"), ("transfer", "color_transfer"), ("matrix", "color_space")):
        if stream.get(names, "unknown") != "unknown" and stream["codec_name"] != "vp9":
            expect_same(COLOURS.get(config.get(key)), stream[names], f"{what}: {names}")
    expect_same(config.get("interlaced", False), stream.get("field_order") in ("tt", "bb", "tb", "bt"), f"{what}: interlaced ({stream.get('field_order')})")


COLOURS = {
    "BT.2020": "bt2020", "BT.709": "bt709", "HLG": "arib-std-b67", "PQ (ST 2084)": "smpte2084",
    "BT.2020 non-constant": "bt2020nc", "identity (GBR)": "gbr",
}  # fmt: skip


def profile(stream):
    name = str(stream["profile"])
    if stream["codec_name"] == "hevc" and name == "Rext":
        return "Range Extensions"
    return name


def level(stream):
    number, codec = stream["level"], stream["codec_name"]
    if codec == "h264":
        return "1b" if number == 9 else f"{number // 10}.{number % 10}"
    if codec == "hevc":
        return f"{number // 30}.{number % 30 // 3}"
    if codec == "av1":
        if number == 31:
            return "maximum"
        return f"{2 + number // 4}.{number % 4}"
    return f"{number // 10}.{number % 10}"


def pixels(name):
    if name.startswith("gbr"):
        return "4:4:4", 8
    bits = re.search(r"p(\d+)le$", name)
    chroma = "monochrome" if name.startswith("gray") else re.sub(r"\D*(\d)(\d)(\d).*", r"\1:\2:\3", name)
    return chroma, int(bits[1]) if bits else int(re.search(r"gray(\d+)", name)[1]) if re.search(r"gray(\d+)", name) else 8


def eval_rate(text):
    a, b = text.split("/")
    return int(a) / int(b)


def sampling(name):
    chroma, bits = pixels(name)
    return f" {chroma} RGB {bits} bit" if name.startswith("gbr") else f" {chroma} {bits} bit"


def same_words(story, kind, stream):
    lines = [line for line in story.splitlines() if line.startswith(kind)]
    wanted = [TITLES[stream["codec_name"]]] if stream["codec_name"] in TITLES else []
    if kind == "audio":
        wanted.append(f"{stream['sample_rate']} Hz {'mono' if stream['channels'] == 1 else 'stereo' if stream['channels'] == 2 else str(stream['channels']) + ' channels'}")
    elif stream["codec_name"] in FAMILIES and "width" in stream and stream["width"]:
        wanted += [f"{stream['width']}x{stream['height']}", sampling(stream["pix_fmt"]) if "pix_fmt" in stream else "", f" {round(eval_rate(stream['r_frame_rate']), 2):g} fps"]
    expect(any(all(word in line for word in wanted) for line in lines), f"no line says {wanted}: {lines}")


TITLES = {
    "h264": "AVC (H.264)", "hevc": "HEVC (H.265)", "av1": "AV1", "vp9": "VP9", "vvc": "VVC (H.266)",
    "aac": "AAC", "mp3": "MP3", "opus": "Opus", "flac": "FLAC", "ac3": "AC-3", "eac3": "E-AC-3",
}  # fmt: skip
