"""Soak test: the window and a command-line session under mixed traffic for a long time, followed by checks.

Usage: soak.py BINARY MINUTES      (scripts/soak; docs/TESTING.md says what is checked)
Prints a row a minute and a verdict; exit 1 on a breach.
"""
import json
import os
import re
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from desktop import Desktop, inside_desktop

inside_desktop("1280x800")
from soak_traffic import datagram, stream_bytes  # noqa: E402
from x11 import Screen, left_column  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
#: Size limit of a capture: small enough that eviction starts within minutes.
WINDOW_LIMIT, CLI_LIMIT = 16 << 20, 8 << 20
#: Maximum growth of memory after the warm-up: a tenth, plus what an allocator keeps.
MEMORY_RATIO, MEMORY_SLACK = 1.10, 8 << 20
#: Variation of descriptors and threads caused by short-lived clients.
DESCRIPTORS_SLACK, THREADS_SLACK = 16, 2
#: Time limit for nine of ten keys, on a machine that may be busy; `UNANSWERED` is the limit for every key.
REACTION, UNANSWERED = 1.0, 5.0

breaches = []


def check(holds, sentence):
    print(("ok      " if holds else "BREACH  ") + sentence, flush=True)
    if not holds:
        breaches.append(sentence)


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def usage(pid):
    """Memory in bytes, descriptors, threads, CPU seconds."""
    with open(f"/proc/{pid}/status") as file:
        status = dict(line.split(":", 1) for line in file)
    with open(f"/proc/{pid}/stat") as file:
        times = file.read().rsplit(")", 1)[1].split()
    cpu = (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
    return int(status["VmRSS"].split()[0]) * 1024, len(os.listdir(f"/proc/{pid}/fd")), int(status["Threads"]), cpu


class Soak:
    """The programs under test and their peers."""

    def __init__(self, binary, minutes):
        self.binary, self.minutes = binary, minutes
        self.work = tempfile.mkdtemp(prefix="wirebench-soak-")
        self.tcp, self.udp, self.echo = (free_port(kind) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_STREAM))
        self.window_data, self.cli_data = (os.path.join(self.work, name) for name in ("window", "cli"))
        self.environment = dict(os.environ, WIREBENCH_LOG="wirebench=warn")
        self.desktop, self.screen, self.tabs = Desktop(), Screen(), {}
        import pyatspi  # there once the desktop is
        # The machine may be busy: a late response is not a missing one.
        pyatspi.setTimeout(10_000, 60_000)
        self.rows = {"window": [], "cli": []}
        self.reactions = []
        self.cli, self.window, self.traffic = self._cli(), self._window(), None

    def _file(self, name):
        return open(os.path.join(self.work, name), "wb")

    def _cli(self):
        command = [self.binary, "listen", f"tcp://127.0.0.1:{self.echo}", "--echo", "--json", "--show", "none", "--lang", "en",
                   "--data-dir", self.cli_data, "--capture-limit", str(CLI_LIMIT)]
        cli = subprocess.Popen(command, stdout=self._file("cli.out"), stderr=self._file("cli.log"), env=self.environment)
        deadline = time.monotonic() + 20
        while b"listening" not in self.read("cli.out"):
            if time.monotonic() > deadline or cli.poll() is not None:
                sys.exit("the command-line session does not listen:\n" + self.read("cli.log").decode())
            time.sleep(0.05)
        return cli

    def read(self, name):
        with open(os.path.join(self.work, name), "rb") as file:
            return file.read()

    def _window(self):
        """Three sessions: a TCP server in hex, a UDP socket as a dump, a client of the echo with a repeated send."""
        at = {"local_address": "127.0.0.1", "remote_address": "127.0.0.1"}
        sessions = [
            dict(at, protocol="tcp_server", local_port=str(self.tcp), view="hex"),
            dict(at, protocol="udp", local_port=str(self.udp), remote_address="", remote_port="", view="dump"),
            dict(at, protocol="tcp_client", remote_port=str(self.echo), view="text", interval_ms="50",
                 draft="repeated 循环 0123456789"),
        ]
        os.makedirs(self.window_data)
        with open(os.path.join(self.window_data, "settings.json"), "w", encoding="utf-8") as file:
            json.dump({"version": 1, "preferences": {}, "sessions": sessions, "current": 0}, file)
        command = [self.binary, "gui", "--data-dir", self.window_data, "--lang", "en", "--theme", "light", "--size", "1280x760",
                   "--capture-limit", str(WINDOW_LIMIT), "--listen", f"tcp://127.0.0.1:{self.tcp}",
                   "--listen", f"udp://127.0.0.1:{self.udp}", "--connect", f"tcp://127.0.0.1:{self.echo}"]
        window = subprocess.Popen(command, stdout=self._file("window.out"), stderr=self._file("window.log"),
                                  env=self.environment)
        self.desktop.find("Stop listening", "push button", seconds=60)
        return window

    def tab(self, port):
        """Activates the session's tab at its first known position: tabs do not move."""
        if port not in self.tabs:
            self.tabs[port] = self.desktop.centre(self.desktop.find(f":{port}", "page tab", part=True, seconds=60))
        x, y = self.tabs[port]
        self.screen.move(x, y)
        subprocess.check_call(["xdotool", "sleep", "0.1", "click", "1"])
        time.sleep(0.5)

    def run(self):
        for port in (self.tcp, self.udp, self.echo):
            self.tab(port)
        self.desktop.click("Repeat")
        self.desktop.click("Send", "push button")
        self.tab(self.tcp)
        self.traffic = subprocess.Popen(
            ["/usr/bin/python3", os.path.join(HERE, "soak_traffic.py"), str(self.tcp), str(self.udp), str(self.echo)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        print("minute  window: MiB  fds threads  CPU s   command line: MiB  fds threads  CPU s   key to picture ms  load of the machine", flush=True)
        for minute in range(1, self.minutes + 1):
            # Each minute is independent: traffic missed while the machine was suspended is not made up for.
            begin = time.monotonic()
            self.tab((self.tcp, self.udp, self.echo)[minute % 3])
            reaction = left_column(self.screen)
            taken = [seconds for _ in range(10) if time.sleep(0.2) is None and (seconds := reaction.measure(UNANSWERED)) is not None]
            self.desktop.park()
            self.reactions += taken
            for quarter in range(4):
                time.sleep(max(0.0, begin + 60 * (quarter + 1) / 4 - time.monotonic()))
                self.desktop.drain()
                for name, process in (("window", self.window), ("cli", self.cli)):
                    if process.poll() is not None:
                        return check(False, f"the {name} stopped unexpectedly: {process.returncode}")
                    self.rows[name].append(usage(process.pid))
            self._row(minute, taken)
        return None

    def _row(self, minute, taken):
        parts = [f"{minute:6}"]
        for name, indent in (("window", 9), ("cli", 16)):
            memory, descriptors, threads, cpu = self.rows[name][-1]
            parts.append(f"{memory / 2**20:{indent + 3}.1f} {descriptors:5} {threads:6} {cpu:7.1f}")
        if taken:
            parts.append(f"{statistics.median(taken) * 1000:12.0f} (most {max(taken) * 1000:.0f})")
        parts.append(f"{os.getloadavg()[0]:12.1f}")
        if self.desktop.search("Stored ", "label", part=True) is None:
            parts.append("  no tree")
        print(" ".join(parts), flush=True)

    def end_traffic(self):
        self.traffic.stdin.close()
        totals = json.loads(self.traffic.stdout.read())
        self.traffic.wait()
        print("the peers:", json.dumps(totals), flush=True)
        for problem in totals["problems"]:
            check(False, f"a peer: {problem}")
        return totals

    def counters(self, port):
        """All counters of a session, read from its tooltip."""
        self.tab(port)
        self.desktop.park()
        time.sleep(0.5)
        x, y = self.desktop.centre(self.desktop.find("Stored ", "label", part=True, seconds=60))
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            self.screen.move(x - 1, y)
            time.sleep(0.3)
            self.screen.move(x, y)
            time.sleep(1.2)
            for node, _ in self.desktop.nodes():
                words = node.name or ""
                if "Received: " in words and "Evicted: " in words:
                    found = {name.strip().lower(): (int(number), int(records)) for name, number, records
                             in re.findall(r"(\w+): (\d+) B, (\d+) records", words)}
                    kernel = re.search(r"System dropped: (\d+)", words)
                    found["kernel"] = int(kernel.group(1)) if kernel else None
                    self.desktop.park()
                    return found
        self.desktop.fail("no tooltip with the counters")

    def at_rest(self, port):
        """The counters once they no longer change."""
        before = self.counters(port)
        for _ in range(10):
            now = self.counters(port)
            if now == before:
                break
            before = now
        return before

    def captures(self, data):
        listed = subprocess.run([self.binary, "captures", "list", "--json", "--data-dir", data], capture_output=True, check=True)
        return [json.loads(line) for line in listed.stdout.splitlines()]

    def export(self, data, capture, *options):
        command = [self.binary, "captures", "export", capture, "--data-dir", data, *options]
        done = subprocess.run(command, capture_output=True)
        if done.returncode != 0:
            check(False, f"export of {capture}: {done.stderr.decode()}")
        return done.stdout

    def close_window(self):
        self.screen.keys("Alt_L", "F4")
        try:
            check(self.window.wait(20) == 0, "the window closes on request with exit code 0")
        except subprocess.TimeoutExpired:
            check(False, "the window closes on request")
            self.window.kill()

    def close_cli(self):
        self.cli.send_signal(signal.SIGINT)
        try:
            check(self.cli.wait(20) == 0, "the command line stops on request with exit code 0")
        except subprocess.TimeoutExpired:
            check(False, "the command line stops on request")
            self.cli.kill()
        events = [json.loads(line) for line in self.read("cli.out").splitlines()]
        errors = [event for event in events if event["event"] == "error" and event.get("kind") != "reset"]
        check(not errors, f"the command line reports no error {errors[:3]}")
        return events[-1]


def check_flat(soak):
    """Compares the second quarter of the time with the last; the first is the warm-up."""
    for name, rows in soak.rows.items():
        quarter = max(len(rows) // 4, 1)
        early, late = rows[quarter:2 * quarter] or rows, rows[-quarter:]
        for index, (what, ratio, slack) in enumerate((("memory", MEMORY_RATIO, MEMORY_SLACK),
                                                      ("descriptors", 1, DESCRIPTORS_SLACK), ("threads", 1, THREADS_SLACK))):
            before, after = (statistics.median(row[index] for row in part) for part in (early, late))
            unit = "MiB" if index == 0 else ""
            shown = [f"{value / 2**20:.1f}" if index == 0 else f"{value:.0f}" for value in (before, after)]
            check(after <= before * ratio + slack, f"{name}: {what} {shown[0]} after the warm-up, {shown[1]} at the end {unit}")
    taken = sorted(soak.reactions) or [UNANSWERED]
    middle, most, slowest = statistics.median(taken), taken[len(taken) * 9 // 10], taken[-1]
    check(most < REACTION and slowest < UNANSWERED, f"the window responds to a key: median {middle * 1000:.0f} ms, "
          f"nine of ten within {most * 1000:.0f} ms, longest {slowest * 1000:.0f} ms of {len(taken)}")


def check_sums(name, counters):
    for at, unit in ((0, "bytes"), (1, "records")):
        received, stored, dropped = (counters[part][at] for part in ("received", "stored", "dropped"))
        check(received == stored + dropped, f"{name}: received {received} = stored {stored} + dropped {dropped} {unit}")
    check(counters["dropped"] == (0, 0), f"{name}: nothing dropped")


def check_window(soak, totals):
    tcp, udp, client = (soak.at_rest(port) for port in (soak.tcp, soak.udp, soak.echo))
    for name, counters in (("TCP server", tcp), ("UDP", udp), ("TCP client", client)):
        check_sums(name, counters)
    check(tcp["received"][0] == totals["window"], f"TCP server: the peers sent {totals['window']}, received {tcp['received'][0]}")
    lost = udp["kernel"] or 0
    check(udp["received"][1] + lost == totals["datagrams"],
          f"UDP: {totals['datagrams']} datagrams sent, {udp['received'][1]} received, {lost} dropped by the kernel")
    check(client["sent"][0] == client["received"][0] > 0,
          f"TCP client: sent {client['sent'][0]} by repeating, the same came back: {client['received'][0]}")
    check(tcp["evicted"][0] > 0, f"the size limit evicted: {tcp['evicted'][0]} bytes")
    return tcp, udp, client


def check_captures(soak, totals, counters):
    """The contents of the newest captures."""
    listed = {capture["endpoint"]: capture for capture in soak.captures(soak.window_data)}
    for port, counted in zip((soak.tcp, soak.udp, soak.echo), counters):
        capture = next(capture for endpoint, capture in listed.items() if endpoint.endswith(f":{port}"))
        whole = capture["bytes"] + capture["evicted_bytes"]
        expected = counted["stored"][0] + told["sent"][0]
        check(whole == expected, f"capture of :{port}: kept {capture['bytes']} + evicted {capture['evicted_bytes']} = {expected}")
        check(capture["state"] == "closed", f"capture of :{port}: closed")
        if port == soak.tcp:
            held = soak.export(soak.window_data, capture["id"], "--peer", totals["stream_peer"])
            end = totals["stream"]
            check(len(held) > 0 and held == stream_bytes(end - len(held), end),
                  f"the stream's last {len(held)} bytes stand in the capture as they were sent")
        if port == soak.udp:
            check_datagrams(soak.export(soak.window_data, capture["id"]), totals, counted["kernel"] or 0)


def check_datagrams(held, totals, lost):
    at, numbers, whole = 0, [], True
    while at + 6 <= len(held):
        number, length = struct.unpack_from(">IH", held, at)
        whole &= held[at:at + 6 + length] == datagram(number)
        numbers.append(number)
        at += 6 + length
    missing = numbers[-1] + 1 - numbers[0] - len(numbers) if numbers else -1
    check(whole and at == len(held), f"the {len(numbers)} kept datagrams equal what was sent")
    check(numbers == sorted(numbers) and 0 <= missing <= lost, f"their numbers are complete except for {missing} (kernel: {lost})")
    check(lost > 0 or (numbers and numbers[-1] + 1 == totals["datagrams"]), "the last datagram sent is the last one kept")


def check_cli(summary, totals, client):
    sums = {part: (summary[part + "_bytes"], summary[part + "_records"]) for part in ("received", "stored", "dropped")}
    check_sums("command line", sums)
    asked = totals["echo"] + client["sent"][0]
    check(summary["received_bytes"] == asked, f"command line: the peers sent {asked}, received {summary['received_bytes']}")
    check(summary["sent_bytes"] == asked, f"command line: it sent back: {summary['sent_bytes']}")
    check(summary["evicted_bytes"] > 0, f"command line: the size limit evicted {summary['evicted_bytes']} bytes")


def check_logs(soak):
    for name in ("window", "cli"):
        lines = soak.read(name + ".log").decode(errors="replace").splitlines()
        errors = [line for line in lines if " ERROR " in line or "panicked" in line]
        warnings = sum(" WARN " in line for line in lines)
        check(not errors, f"{name}: no error in its log ({warnings} warnings) {errors[:3]}")


def main():
    binary, minutes = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    soak = Soak(binary, minutes)
    try:
        if soak.run() is None and not breaches:
            totals = soak.end_traffic()
            soak.tab(soak.echo)
            soak.desktop.click("Stop", "push button")
            counters = check_window(soak, totals)
            check_flat(soak)
            soak.close_window()
            check_cli(soak.close_cli(), totals, counters[2])
            check_captures(soak, totals, counters)
        check_logs(soak)
    finally:
        for process in (soak.traffic, soak.window, soak.cli):
            if process and process.poll() is None:
                process.kill()
                process.wait()
        soak.desktop.end()
        if breaches:
            print(f"kept: {soak.work}")
        else:
            shutil.rmtree(soak.work, ignore_errors=True)
    print(f"verdict: {len(breaches)} breaches in {minutes} minutes" if breaches else f"verdict: no breach in {minutes} minutes")
    sys.exit(1 if breaches else 0)


main()
