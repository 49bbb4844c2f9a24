"""Two network namespaces joined by a veth pair, and the programs in them. All traffic stays inside; nothing outlives the `with`."""

import os
import re
import signal
import subprocess
import time

from checks import Disagree, expect

CLIENT, SERVER = "192.0.2.10", "192.0.2.20"
RTMP_MODULE = "/usr/lib/nginx/modules/ngx_rtmp_module.so"


class Lab:
    def __init__(self, folder):
        self.folder = folder
        prefix = os.environ["PEERS_NETNS"]
        self.client, self.server = f"{prefix}-c", f"{prefix}-s"
        self.running = []
        self.made = []

    def __enter__(self):
        try:
            for name in (self.client, self.server):
                ip("netns", "add", name)
                self.made.append(name)
            ip("-n", self.client, "link", "add", "eth", "type", "veth", "peer", "name", "eth", "netns", self.server)
            for name, address in ((self.client, CLIENT), (self.server, SERVER)):
                ip("-n", name, "address", "add", address + "/24", "dev", "eth")
                # packets as they are on a wire, no 64 KB segments
                ip("-n", name, "link", "set", "dev", "eth", "gso_max_segs", "1", "up")
                ip("-n", name, "link", "set", "dev", "lo", "up")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.running):
            stop(process)
        for name in self.made:
            left = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True).stdout.split()
            for pid in left:  # children of what was started here
                try:
                    os.kill(int(pid), signal.SIGKILL)
                except ProcessLookupError:
                    pass
            subprocess.run(["ip", "netns", "del", name])

    def start(self, namespace, *command, log):
        """A process that goes on; its output is in a file of the folder."""
        with open(self.path(log), "wb") as out:
            process = subprocess.Popen(
                ["ip", "netns", "exec", namespace, *command],
                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, cwd=self.folder,
            )  # fmt: skip
        process.log = self.path(log)
        self.running.append(process)
        return process

    def path(self, name):
        return os.path.join(self.folder, name)

    def nginx(self, application, ports):
        """nginx-rtmp that records everything into records/."""
        os.makedirs(self.path("records"), exist_ok=True)
        servers = "".join(
            f"server {{ listen {port}; application {application} {{ live on; record all; record_path records; record_unique off;"
            f" record_suffix -%s.flv; }} }}\n"
            for port in ports
        )
        with open(self.path("nginx.conf"), "w") as f:
            f.write(
                f"load_module {RTMP_MODULE};\nuser root;\ndaemon off;\nworker_processes 1;\npid nginx.pid;\nerror_log stderr notice;\n"
                f"events {{ worker_connections 64; }}\nrtmp {{\n{servers}}}\n"
            )
        process = self.start(self.server, "nginx", "-p", self.folder, "-c", "nginx.conf", log="nginx.log")
        for port in ports:
            wait_for(process, lambda: f":{port} " in output("ip", "netns", "exec", self.server, "ss", "-ltn"), f"nginx on port {port}")
        return process

    def capture(self, name):
        """tcpdump on the server's side; without immediate mode it loses what is in its last ring block, without -Z root it may not write here."""
        process = self.start(
            self.server, "tcpdump", "-i", "eth", "-n", "-s", "70000", "-U", "--immediate-mode", "-B", "65536", "-Z", "root", "-w", self.path(name), "tcp",
            log=name + ".log",
        )  # fmt: skip
        wait_for(process, lambda: "listening on" in read(process.log), "tcpdump")
        return process

    def end_capture(self, process):
        time.sleep(0.5)  # the last FIN and ACK
        stop(process, signal.SIGINT)
        log = read(process.log)
        captured, received, dropped = (re.search(rf"(\d+) packets {what}", log) for what in ("captured", "received by filter", "dropped by kernel"))
        expect(dropped and dropped[1] == "0" and captured[1] == received[1], f"tcpdump lost packets: {log[-200:]}")

    def records(self):
        folder = self.path("records")
        return {os.path.join(folder, n) for n in os.listdir(folder)}

    def wait_closed(self, paths):
        """Until nginx has closed its recordings."""
        opened = lambda: {target for pid in output("ip", "netns", "pids", self.server).split() for target in open_files(pid)}
        deadline = time.monotonic() + 5
        while opened() & {os.path.realpath(p) for p in paths}:
            expect(time.monotonic() < deadline, "nginx does not close its recording")
            time.sleep(0.05)


def finish(process, seconds):
    """Waits for a program that ends by itself."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        stop(process)
        raise Disagree(f"{os.path.basename(process.log)} did not end in {seconds} s: {read(process.log)[-300:]}")


def stop(process, signum=signal.SIGTERM, seconds=5):
    if process.poll() is None:
        process.send_signal(signum)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(process, ready, what, seconds=10):
    deadline = time.monotonic() + seconds
    while not ready():
        expect(process.poll() is None and time.monotonic() < deadline, f"{what} does not come up: {read(process.log)[-300:]}")
        time.sleep(0.05)


def open_files(pid):
    try:
        folder = f"/proc/{pid}/fd"
        return [os.readlink(os.path.join(folder, n)) for n in os.listdir(folder)]
    except OSError:
        return []


def output(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout


def ip(*arguments):
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    expect(done.returncode == 0, f"ip {' '.join(arguments)}: {done.stderr.strip()}")


def read(path):
    with open(path, errors="replace") as f:
        return f.read()
