"""What the suites of the proxy share: a clip, nginx-rtmp behind the proxy, and a publish that nginx records."""

import os
import shutil
import subprocess
import time

import flv
from checks import check, expect_same, work_folder
from net import finish, output, read, wait_for

SECONDS = 2
folder = work_folder()
media = os.path.join(folder, "media.flv")


def clip():
    """Test pictures and a tone."""
    shutil.rmtree(folder)
    os.makedirs(folder)
    with check("a clip of test pictures and a tone is made"):
        subprocess.run(
            ["ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100",
             "-t", str(SECONDS), "-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-pix_fmt", "yuv420p", "-b:v", "200k", "-c:a", "aac", "-b:a", "64k", media],
            check=True, stdin=subprocess.DEVNULL, timeout=60,
        )  # fmt: skip


def nginx(road):
    os.makedirs(road.path("records"))
    with open(road.path("nginx.conf"), "w") as f:
        f.write(
            "load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;\nuser root;\ndaemon off;\nworker_processes 1;\npid nginx.pid;\nerror_log stderr notice;\n"
            "events { worker_connections 64; }\nrtmp { server { listen 1935; listen [::]:1935 ipv6only=on;"
            " application live { live on; record all; record_path records; record_unique off; record_suffix -%s.flv; } } }\n"
        )
    process = road.start(road.server, "nginx", "-p", folder, "-c", "nginx.conf", log="nginx.log")
    wait_for(process, lambda: ":1935 " in output("ip", "netns", "exec", road.server, "ss", "-ltn"), "nginx")


def ffmpeg(program, url):
    return [program, "-nostdin", "-v", "error", "-re", "-i", media, "-c", "copy", "-f", "flv", url]


def published(road, url, command, log):
    """Publishes once; the media tags that nginx recorded."""
    before = road.records()
    expect_same(finish(road.start(road.client, *command(url), log=log), SECONDS + 15), 0, "exit status of the publisher")
    deadline = time.monotonic() + 5
    while not road.records() - before and time.monotonic() < deadline:
        time.sleep(0.05)
    new = road.records() - before
    road.wait_closed(new)
    expect_same(len(new), 1, "recordings of nginx")
    return [(tag.type, tag.body) for tag in flv.without_repeated_configuration(flv.media_tags(new.pop()))]


def cpu(pid):
    fields = read(f"/proc/{pid}/stat").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
