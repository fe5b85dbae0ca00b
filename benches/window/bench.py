"""Measures the open window from outside, beside plain baselines.

Usage: bench.py WIREBENCH EMPTY_WINDOW [throughput] [reaction] [start] [idle]      all four by default
Prints lines `name: value …, baseline …, ratio …`; scripts/bench-window builds both programs and calls this.

throughput  one TCP stream into the window that follows it in hex, beside a sink that reads 64 KiB and discards, and one that reads
            1 MiB and writes it to a file on the same disk, alternating.
reaction    from a key (Ctrl+B by XTest, which shows or hides the left column) until the column is completely redrawn on
            screen; and, without keys, the longest time the picture of the log stays the same while data comes in.
start       from starting the program until the picture is final, beside an empty window of the same kind.
idle        CPU and memory of five open sessions in which nothing happens, memory beside the empty window.
"""
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(HERE)), "tests", "window"))
from desktop import inside_desktop  # noqa: E402

inside_desktop("1280x800")
from x11 import Screen, left_column  # noqa: E402

GROUND = 0x123456
MIB = int(os.environ.get("BENCH_MIB", "512"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
KEYS = int(os.environ.get("BENCH_KEYS", "200"))
CLIENTS = int(os.environ.get("BENCH_CLIENTS", "10000"))
IDLE_SECONDS = int(os.environ.get("BENCH_IDLE_SECONDS", "60"))
#: Part of the log, one row high, while the left column is visible.
LOG = (560, 540, 200, 24)

screen = Screen()
processes = []


def start(command, **options):
    process = subprocess.Popen(command, stderr=options.pop("stderr", subprocess.DEVNULL), **options)
    processes.append(process)
    return process


def end(process):
    if process.poll() is None:
        process.terminate()
    process.wait()
    processes.remove(process)


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def percentile(values, share):
    """The smallest value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * share // 100) - 1, 0)]


def milliseconds(values):
    return (f"median {statistics.median(values) * 1000:.1f} ms, 95 % {percentile(values, 95) * 1000:.1f} ms, "
            f"longest {max(values) * 1000:.1f} ms")


class Window:
    """A Wirebench window with sessions that follow received data in hex."""

    def __init__(self, *endpoints, connect=()):
        self.data = tempfile.mkdtemp(prefix="wirebench-bench-")
        sessions = []
        for endpoint in endpoints:
            transport, port = re.fullmatch(r"(tcp|udp)://127\.0\.0\.1:(\d+)", endpoint).groups()
            sessions.append({"protocol": "tcp_server" if transport == "tcp" else "udp", "local_address": "127.0.0.1",
                             "local_port": port, "view": "hex",
                             **({} if transport == "tcp" else {"remote_address": "", "remote_port": ""})})
        with open(os.path.join(self.data, "settings.json"), "w", encoding="utf-8") as file:
            json.dump({"version": 1, "preferences": {}, "sessions": sessions, "current": 0}, file)
        # The size limit stays below the amount of unwritten data at which the system throttles writers.
        command = [binary, "gui", "--data-dir", self.data, "--lang", "en", "--theme", "light", "--size", "1280x760",
                   "--capture-limit", "1GiB"]
        for endpoint in endpoints:
            command += ["--listen", endpoint]
        for endpoint in connect:
            command += ["--connect", endpoint]
        path = os.path.join(self.data, "log")
        with open(path, "wb") as log:
            self.process = start(command, stderr=log, env=dict(os.environ, WIREBENCH_LOG="wirebench::pace=trace"))
        # A separate handle: the position of the program's own is where it writes.
        self.log = open(path, "rb")
        self.wait_for(endpoints)

    def wait_for(self, endpoints):
        deadline = time.monotonic() + 60
        for port in (int(endpoint.rsplit(":", 1)[1]) for endpoint in endpoints if endpoint.startswith("tcp")):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if time.monotonic() > deadline:
                        raise SystemExit("the window does not listen") from None
                    time.sleep(0.02)
        time.sleep(2)

    def frames(self):
        """The frames logged by the window since the last call: time between starts and the work in each, in seconds."""
        lines = self.log.read().decode(errors="replace")
        return [(int(gap) / 1e6, int(work) / 1e6) for gap, work in re.findall(r"gap_us=(\d+) work_us=(\d+)", lines)]

    def close(self):
        end(self.process)
        self.log.close()
        shutil.rmtree(self.data, ignore_errors=True)


def traffic(*arguments):
    return start(["/usr/bin/python3", os.path.join(HERE, "traffic.py"), *map(str, arguments)], stdin=subprocess.PIPE,
                 stdout=subprocess.PIPE, text=True)


def stop(process):
    """Stops endless traffic and returns its last line of output."""
    process.stdin.close()
    said = process.stdout.read().strip()
    process.wait()
    processes.remove(process)
    return said


def throughput():
    port = free_port()
    file = tempfile.NamedTemporaryFile(prefix="wirebench-bench-")
    window, sink, store = Window(f"tcp://127.0.0.1:{port}"), traffic("sink"), traffic("store", file.name)
    ports = {"window": port, "sink": int(sink.stdout.readline()), "store": int(store.stdout.readline())}
    taken = {name: [] for name in ports}
    for number in range(ROUNDS + 1):
        for name, at in ports.items():
            sender = traffic("send", at, MIB)
            seconds = float(sender.stdout.readline())
            stop(sender)
            if number > 0:
                taken[name].append(seconds)
            time.sleep(0.5)
    window.close()
    end(sink)
    end(store)
    file.close()
    rate = {name: MIB / statistics.median(seconds) for name, seconds in taken.items()}
    spread = {name: f"{MIB / max(seconds):.0f}–{MIB / min(seconds):.0f}" for name, seconds in taken.items()}
    for name, what in (("sink", "discarding"), ("store", "writing to a file")):
        print(f"throughput, {MIB} MiB over TCP into the window that follows in hex, beside {what}: {rate['window']:.0f} MiB/s "
              f"({spread['window']}), baseline {rate[name]:.0f} MiB/s ({spread[name]}), "
              f"ratio {rate['window'] / rate[name]:.2f}", flush=True)


def still(seconds):
    """The longest time without a change of the log's picture."""
    begin = changed = time.perf_counter()
    before, longest = screen.pixels(*LOG), 0.0
    while (now := time.perf_counter()) - begin < seconds:
        picture = screen.pixels(*LOG)
        if picture != before:
            longest, changed, before = max(longest, now - changed), now, picture
        time.sleep(0.001)
    return max(longest, time.perf_counter() - changed)


def keys(reaction, count):
    taken = []
    for number in range(count * 2):
        if len(taken) == count:
            break
        # At varying positions within the window's own rhythm.
        time.sleep(0.05 + (number * 37 % 50) / 1000)
        seconds = reaction.measure()
        if seconds is not None:
            taken.append(seconds)
    return taken


def report(name, window, look, taken, seconds=10, moving=True):
    print(f"reaction, {name}: {milliseconds(taken)} of {len(taken)} keys", flush=True)
    if not moving:
        return
    if look.is_on:
        screen.keys("Control_L", "b")
    time.sleep(0.5)
    window.frames()
    longest = still(seconds)
    frames = window.frames()
    line = f"picture, {name}: the same for at most {longest * 1000:.0f} ms of {seconds} s"
    if frames:
        gaps, works = zip(*frames)
        line += (f"; the window's own frames: {len(frames) / seconds:.0f}/s, from begin to begin {milliseconds(gaps)}; "
                 f"work in one {milliseconds(works)}")
    print(line, flush=True)


def reaction():
    port, udp = free_port(), free_port(socket.SOCK_DGRAM)
    window = Window(f"tcp://127.0.0.1:{port}")
    look = left_column(screen)
    report("idle", window, look, keys(look, KEYS), moving=False)
    sender = traffic("stream", port)
    time.sleep(1)
    look = left_column(screen)
    report("one TCP stream as fast as it goes", window, look, keys(look, KEYS))
    stop(sender)
    window.close()

    window = Window(f"udp://127.0.0.1:{udp}")
    sender = traffic("udp", udp)
    time.sleep(1)
    begin = time.monotonic()
    look = left_column(screen)
    report("UDP datagrams as fast as they go", window, look, keys(look, KEYS))
    seconds, sent = time.monotonic() - begin, int(stop(sender))
    print(f"        {sent / (seconds + 1):.0f} datagrams a second", flush=True)
    window.close()

    window = Window(f"tcp://127.0.0.1:{port}")
    look = left_column(screen)
    begin, taken = time.monotonic(), []
    sender = traffic("clients", port, CLIENTS)
    os.set_blocking(sender.stdout.fileno(), False)
    while not sender.stdout.readline().startswith("ready"):
        taken += keys(look, 2)
        if time.monotonic() - begin > 120:
            raise SystemExit(f"{CLIENTS} clients do not connect")
    os.set_blocking(sender.stdout.fileno(), True)
    seconds = time.monotonic() - begin
    report(f"while {CLIENTS} TCP clients connect ({seconds:.1f} s)", window, look, taken, moving=False)
    look = left_column(screen)
    report(f"{CLIENTS} TCP clients that speak in turn", window, look, keys(look, KEYS))
    stop(sender)
    window.close()


def rows():
    return [screen.pixels(100, y, 1000, 1) for y in (200, 400, 600)]


def is_window(picture):
    colours = {row[at:at + 3] for row in picture for at in range(0, len(row), 4)}
    return not colours & {GROUND.to_bytes(3, "little"), b"\0\0\0"}


def painted(command, last=None):
    """Seconds until the window is painted or, with `last`, until it shows that picture. Also returns the picture."""
    begin = time.perf_counter()
    process = start(command)
    while True:
        picture = rows()
        taken = time.perf_counter() - begin
        if (is_window(picture) if last is None else picture == last):
            break
        if taken > 30:
            raise SystemExit(f"no window of {command[0]}")
        time.sleep(0.001)
    if last is None:
        time.sleep(2)
        picture = rows()
    end(process)
    # The next one starts with an empty screen.
    deadline = time.monotonic() + 10
    while is_window(rows()) and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.2)
    return taken, picture


def start_time():
    # The pointer must not lie over the window: the server reports it a tenth of a second later, and a link below it gets a line.
    screen.move(1279, 799)
    data = tempfile.mkdtemp(prefix="wirebench-bench-")
    commands = {"window": [binary, "gui", "--data-dir", data, "--lang", "en", "--theme", "light", "--size", "1280x760"],
                "empty": [empty]}
    last = {name: painted(command)[1] for name, command in commands.items()}
    taken = {name: [] for name in commands}
    for _ in range(2 * ROUNDS):
        for name, command in commands.items():
            taken[name].append(painted(command, last[name])[0])
    shutil.rmtree(data, ignore_errors=True)
    middle = {name: statistics.median(seconds) * 1000 for name, seconds in taken.items()}
    spread = {name: f"{min(seconds) * 1000:.0f}–{max(seconds) * 1000:.0f}" for name, seconds in taken.items()}
    print(f"start to the painted window: {middle['window']:.0f} ms ({spread['window']}), "
          f"baseline {middle['empty']:.0f} ms ({spread['empty']}), ratio {middle['window'] / middle['empty']:.2f}", flush=True)


def memory(pid):
    """Resident and proportional set size in MiB."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        fields = dict(re.findall(r"(\w+): +(\d+) kB", file.read()))
    return int(fields["Rss"]) / 1024, int(fields["Pss"]) / 1024


def cpu(pid):
    with open(f"/proc/{pid}/stat") as file:
        times = file.read().rsplit(")", 1)[1].split()
    return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


def idle():
    bare = start([empty])
    time.sleep(10)
    base_memory = memory(bare.pid)
    before = cpu(bare.pid)
    time.sleep(10)
    base_cpu = (cpu(bare.pid) - before) * 6
    end(bare)
    sink = traffic("sink")
    at = int(sink.stdout.readline())
    ports = [free_port() for _ in range(2)] + [free_port(socket.SOCK_DGRAM) for _ in range(2)]
    window = Window(*(f"{kind}://127.0.0.1:{port}" for kind, port in zip(("tcp", "tcp", "udp", "udp"), ports)),
                    connect=[f"tcp://127.0.0.1:{at}"])
    time.sleep(3)
    minutes = []
    for _ in range(2):
        before = cpu(window.process.pid)
        time.sleep(IDLE_SECONDS)
        minutes.append(cpu(window.process.pid) - before)
    resident, proportional = memory(window.process.pid)
    window.close()
    end(sink)
    print(f"idle, CPU of {IDLE_SECONDS} s with five open quiet sessions: {minutes[1]:.2f} s (right after they were opened "
          f"{minutes[0]:.2f} s), baseline {base_cpu:.2f} s", flush=True)
    print(f"idle, resident memory with five open quiet sessions: {resident:.1f} MiB, baseline {base_memory[0]:.1f} MiB, "
          f"ratio {resident / base_memory[0]:.2f} (proportional: {proportional:.1f}, {base_memory[1]:.1f} MiB)", flush=True)


def main():
    screen.ground(GROUND)
    subprocess.check_call(["xdotool", "mousemove", "0", "0"])
    start(["openbox"])
    time.sleep(1)
    works = {"throughput": throughput, "reaction": reaction, "start": start_time, "idle": idle}
    try:
        for name in sys.argv[3:] or works:
            works[name]()
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait()


binary, empty = (os.path.abspath(path) for path in sys.argv[1:3])
main()
