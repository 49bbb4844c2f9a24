"""The streams that suite 12 encodes, publishes and compares."""

import imageio_ffmpeg

OLD, NEW = "ffmpeg", imageio_ffmpeg.get_ffmpeg_exe()

X264 = "-c:v libx264 -preset veryfast"
X265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none"
SOUND = "-c:a aac -b:a 48k"

# name, program that encodes, program that publishes, size, pictures a second, seconds, options; no size: no pictures
STREAMS = [
    ("avc-baseline", OLD, OLD, "176x144", "15", f"{X264} -profile:v baseline -pix_fmt yuv420p -level 1.1 {SOUND} -ac 1 -ar 22050"),
    ("avc-main-ntsc", OLD, OLD, "190x106", "30000/1001", f"{X264} -profile:v main -pix_fmt yuv420p -bf 2 {SOUND} -ac 2 -ar 48000"),
    ("avc-high-hrd", OLD, OLD, "128x96", "25",
     f"{X264} -x264-params nal-hrd=cbr:force-cfr=1:pic-struct=1 -b:v 200k -maxrate 200k -bufsize 200k -bf 2 -pix_fmt yuv420p"),
    ("avc-interlaced", OLD, OLD, "176x144", "25", f"{X264} -flags +ildct+ilme -x264-params tff=1:pic-struct=1 -pix_fmt yuv420p -c:a libmp3lame -b:a 64k -ac 2 -ar 44100"),
    ("avc-high10", OLD, NEW, "160x90", "50", f"{X264} -profile:v high10 -pix_fmt yuv420p10le -bf 3 -b_strategy 0"),
    ("avc-high422", OLD, NEW, "90x58", "24", f"{X264} -profile:v high422 -pix_fmt yuv422p10le -color_primaries bt2020 -color_trc arib-std-b67 -colorspace bt2020nc"),
    ("avc-high444", OLD, NEW, "98x66", "24", f"{X264} -profile:v high444 -pix_fmt yuv444p -x264-params cqm=jvt:sar=4/3:fullrange=on:overscan=show:chromaloc=0:slices=2"),
    ("avc-intra-gray", OLD, NEW, "64x48", "10", f"{X264} -g 1 -pix_fmt gray -x264-params aud=1:videoformat=pal"),
    ("hevc-main", OLD, NEW, "198x110", "25", f"{X265} -pix_fmt yuv420p -bf 2 -tag:v hvc1 {SOUND} -ac 2"),
    ("hevc-hdr10", OLD, NEW, "160x90", "30",
     f"{X265}:hdr10=1:repeat-headers=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:max-cll=1000,400:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)"
     " -pix_fmt yuv420p10le -tag:v hvc1 -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc"),
    ("hevc-hrd", OLD, NEW, "128x96", "24000/1001", f"{X265}:hrd=1:vbv-maxrate=200:vbv-bufsize=200:aud=1:hash=1:interlace=0:sar=4\\:3:scaling-list=default:opt-qp-pps=0 -b:v 200k -pix_fmt yuv420p -tag:v hvc1"),
    ("hevc-422-12", OLD, NEW, "96x64", "25", f"{X265} -pix_fmt yuv422p12le -tag:v hvc1"),
    ("hevc-444", OLD, NEW, "96x64", "25", f"{X265} -pix_fmt yuv444p -tag:v hvc1"),
    ("hevc-kvazaar", NEW, NEW, "136x72", "25", "-c:v libkvazaar -pix_fmt yuv420p -tag:v hvc1"),
    ("av1-svt", NEW, NEW, "160x90", "25", f"-c:v libsvtav1 -preset 12 -pix_fmt yuv420p {SOUND} -ac 2"),
    ("av1-svt-10-hdr", NEW, NEW, "160x90", "25", "-c:v libsvtav1 -preset 12 -pix_fmt yuv420p10le -svtav1-params mastering-display=G(0.265,0.690)B(0.150,0.060)R(0.680,0.320)WP(0.3127,0.3290)L(1000.0,0.0001):content-light=1000,400 -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc"),
    ("av1-aom-444", OLD, NEW, "98x66", "25", "-c:v libaom-av1 -cpu-used 8 -usage realtime -pix_fmt yuv444p -color_range pc"),
    ("vp9", OLD, NEW, "162x92", "25", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv420p -c:a libopus -b:a 48k -ac 2"),
    ("vp9-10", OLD, NEW, "98x66", "25", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -profile:v 2 -pix_fmt yuv420p10le"),
    ("vvc", NEW, NEW, "104x56", "25", "-c:v libvvenc -preset faster -pix_fmt yuv420p10le"),
    ("opus-5.1", OLD, NEW, None, None, "-c:a libopus -b:a 128k -ac 6 -ar 48000"),
    ("flac-24", OLD, NEW, None, None, "-c:a flac -sample_fmt s32 -bits_per_raw_sample 24 -ac 2 -ar 96000 -strict -2"),
    ("ac3-5.1", OLD, NEW, None, None, "-c:a ac3 -b:a 192k -ac 6 -ar 48000"),
    ("eac3", OLD, NEW, None, None, "-c:a eac3 -b:a 96k -ac 2 -ar 44100"),
    ("mp3-mono", OLD, OLD, None, None, "-c:a libmp3lame -b:a 48k -ac 1 -ar 22050"),
    ("aac-5.1", OLD, NEW, None, None, "-c:a aac -b:a 192k -ac 6 -ar 48000"),
    ("aac-7350", OLD, OLD, None, None, "-c:a aac -b:a 12k -ac 1 -ar 8000"),
    # and those that nobody here had seen when they were added
    ("avc-openh264", NEW, NEW, "160x96", "25", "-c:v libopenh264 -pix_fmt yuv420p -b:v 200k"),
    ("avc-main-1b", OLD, OLD, "176x144", "15", f"{X264} -profile:v high -pix_fmt yuv420p -level 1b"),
    ("avc-444-odd", OLD, NEW, "35x17", "25", f"{X264} -pix_fmt yuv444p"),
    ("avc-rgb", OLD, NEW, "64x34", "25", "-c:v libx264rgb -preset veryfast -pix_fmt bgr24"),
    ("avc-refresh", OLD, OLD, "66x68", "60", f"{X264} -pix_fmt yuv420p -x264-params intra-refresh=1:keyint=30:slices=4"),
    ("avc-views", OLD, OLD, "66x68", "60", f"{X264} -pix_fmt yuv420p -bf 3 -x264-params open-gop=1:keyint=15:min-keyint=15:frame-packing=3"),
    ("avc-filler", OLD, OLD, "66x68", "60", f"{X264} -pix_fmt yuv420p -b:v 300k -maxrate 300k -bufsize 100k -x264-params nal-hrd=cbr:filler=1"),
    ("avc-turned", OLD, OLD, "66x68", "60", f"{X264} -pix_fmt yuv420p -bsf:v h264_metadata=display_orientation=insert:rotate=90:flip=horizontal:aud=insert:crop_left=2:crop_top=4"),
    ("avc-vfr", OLD, OLD, "66x68", "25", f"{X264} -pix_fmt yuv420p -bf 2 -vf select='not(eq(mod(n\\,5)\\,1))' -vsync vfr"),
    ("hevc-10-intra", OLD, NEW, "66x68", "25", f"{X265}:keyint=1 -profile:v main10-intra -pix_fmt yuv420p10le -tag:v hvc1"),
    ("hevc-gray12", OLD, NEW, "66x68", "25", f"{X265} -pix_fmt gray12le -tag:v hvc1"),
    ("hevc-layers", OLD, NEW, "66x68", "25", f"{X265}:temporal-layers=3:aud=1 -pix_fmt yuv422p10le -tag:v hvc1"),
    ("hevc-slices", NEW, NEW, "320x240", "25", f"{X265}:wpp=1:slices=2:hash=3:open-gop=1:keyint=10:bframes=4:weightb=1:scaling-list=default:opt-qp-pps=1 -pix_fmt yuv420p -tag:v hvc1"),
    ("hevc-tiles", NEW, NEW, "256x128", "25", "-c:v libkvazaar -kvazaar-params tiles=2x2,gop=8,period=16,hash=md5,aud=1 -pix_fmt yuv420p -tag:v hvc1"),
    ("av1-rav1e", OLD, NEW, "66x68", "25", "-c:v librav1e -speed 10 -pix_fmt yuv420p"),
    ("av1-mono", OLD, NEW, "66x68", "25", "-c:v libaom-av1 -cpu-used 8 -usage realtime -pix_fmt gray10le"),
    ("vp9-422", OLD, NEW, "67x35", "25", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv422p"),
    ("vp9-444-12", OLD, NEW, "67x35", "25", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -pix_fmt yuv444p12le"),
    ("vvc-tools", NEW, NEW, "128x96", "30000/1001", "-c:v libvvenc -preset medium -pix_fmt yuv420p10le -vvenc-params tiles=2x1:wavefrontsynchro=1"),
    ("vvc-hdr", NEW, NEW, "200x120", "50", "-c:v libvvenc -preset faster -pix_fmt yuv420p10le -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc -vvenc-params hdr=pq_2020 -b:v 300k"),
    ("flv1-adpcm", OLD, OLD, "64x48", "15", "-c:v flv -q:v 5 -c:a adpcm_swf -ac 1 -ar 11025"),
    ("flv1-pcm", OLD, OLD, "322x238", "30000/1001", "-c:v flv -q:v 5 -c:a pcm_s16le -ac 2 -ar 22050"),
    ("flv1-nellymoser", OLD, OLD, "1000x20", "25", "-c:v flv -q:v 5 -c:a nellymoser -ac 1 -ar 44100"),
    ("flashsv2-speex", OLD, NEW, "200x128", "10", "-c:v flashsv2 -c:a libspeex -ac 1 -ar 16000"),
    ("nellymoser-16", OLD, OLD, None, None, "-c:a nellymoser -ac 1 -ar 16000"),
    ("alaw", OLD, OLD, None, None, "-c:a pcm_alaw -ac 1 -ar 8000"),
    ("opus-mono-60", OLD, NEW, None, None, "-c:a libopus -b:a 16k -ac 1 -ar 16000 -frame_duration 60 -application voip"),
    ("opus-7.1", OLD, NEW, None, None, "-c:a libopus -b:a 256k -ac 8 -ar 48000"),
    ("flac-16-8ch", OLD, NEW, None, None, "-c:a flac -ac 8 -ar 44100 -strict -2"),
    ("ac3-mono-32", OLD, NEW, None, None, "-c:a ac3 -b:a 64k -ac 1 -ar 32000"),
    ("eac3-5.1", OLD, NEW, None, None, "-c:a eac3 -b:a 192k -ac 6 -ar 48000"),
    ("mp3-48", OLD, NEW, None, None, "-c:a libmp3lame -q:a 4 -ac 2 -ar 48000"),
    ("aac-7.1", OLD, NEW, None, None, "-c:a aac -b:a 256k -ac 8 -ar 48000"),
    ("aac-22050", OLD, OLD, None, None, "-c:a aac -b:a 32k -ac 2 -ar 22050"),
    ("aac-ltp", OLD, NEW, None, None, "-c:a aac -profile:a aac_ltp -b:a 64k -ac 2 -ar 44100 -strict -2"),
]  # fmt: skip

# codecs of Flash days, which MP4 does not hold
FLASH = ("flv1", "flashsv", "nellymoser", "alaw", "aac-22050")


def container(name):
    return ".flv" if name.startswith(FLASH) else ".mp4"
