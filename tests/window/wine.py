"""The three basic tasks in the window of the Windows program, under wine on a virtual display, by mouse and keyboard: start a
listener and inspect what it received in hex, send back; then connect to a device and exchange data.

wine shows no accessible names to Linux, so controls are found at their places in a window of a fixed size. What happened is checked
by the peers and in the files of the capture; the pictures are for people.

Usage: wine.py FOLDER_OF_THE_PROGRAMS PICTURE_DIR   (scripts/test-windows window)
"""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from peer import free_port, receive

SIZE = (1280, 800)
# Centres of controls, in points of a window of this size in English.
PORT, ADDRESS, START = (172, 167), (172, 131), (136, 205)
HEX, CONTENT, SEND = (172, 320), (700, 715), (1212, 707)
CLIENT_CARD = (776, 277)
PATIENCE = 60


def until(what, check, patience=PATIENCE):
    """Asks `check` until it gives something that is true."""
    deadline = time.time() + patience
    while True:
        found = check()
        if found:
            return found
        if time.time() > deadline:
            raise SystemExit(f"windows window: {what} did not happen within {patience} s")
        time.sleep(0.1)


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


class Window:
    """The window of the program."""

    def __init__(self, program, data):
        self.data = pathlib.Path(data)
        self.process = subprocess.Popen(
            ["wine", program, "gui", "--data-dir", data, "--lang", "en", "--theme", "light",
             "--size", f"{SIZE[0]}x{SIZE[1]}"])
        # wine first sets up its folder. A program that ends is found at once.
        self.window = until("a window of the right size", self.visible, 3 * PATIENCE)
        # The first picture may take a while without a graphics card.
        time.sleep(3)

    def visible(self):
        if self.process.poll() is not None:
            raise SystemExit(f"windows window: the program ended with {self.process.returncode}")
        for window in run("xdotool", "search", "--onlyvisible", "--name", "Wirebench").split():
            if f"{SIZE[0]}x{SIZE[1]}" in run("xdotool", "getwindowgeometry", window):
                return window
        return None

    def click(self, place):
        run("xdotool", "mousemove", "--window", self.window, str(place[0]), str(place[1]), "sleep", "0.2", "click", "1")
        time.sleep(0.5)

    def key(self, *keys):
        run("xdotool", "key", "--delay", "50", *keys)
        time.sleep(0.3)

    def type(self, text):
        run("xdotool", "type", "--delay", "40", text)
        time.sleep(0.3)

    def fill(self, place, text):
        self.click(place)
        self.key("ctrl+a")
        self.type(text)

    def picture(self, path):
        run("xdotool", "mousemove", "--window", self.window, "900", "500")
        time.sleep(1.5)
        subprocess.check_call(["import", "-window", self.window, str(path)])

    def captured(self, payload):
        """Whether a capture of the program holds these bytes."""
        return any(payload in file.read_bytes() for file in self.data.glob("captures/*/*") if file.is_file())


def connected(port):
    try:
        return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    except ConnectionRefusedError:
        return None


def refused(port):
    connection = connected(port)
    if connection:
        connection.close()
    return not connection


def listen_and_inspect(window, pictures):
    port = free_port()
    window.fill(PORT, str(port))
    window.click(HEX)
    window.click(START)
    with until("listening", lambda: connected(port)) as device:
        device.sendall("你好".encode())
        until("the capture of what was received", lambda: window.captured("你好".encode()))
        window.click(CONTENT)
        window.type("hello device")
        window.click(SEND)
        got = receive(device, 12, PATIENCE)
        assert got == b"hello device", got
        window.picture(pictures / "windows-listen-hex.png")
    window.click(START)
    until("the end of listening", lambda: refused(port))


def connect_and_send(window, pictures):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(PATIENCE)
        window.key("ctrl+t")
        window.click(CLIENT_CARD)
        window.fill(ADDRESS, "127.0.0.1")
        window.fill(PORT, str(server.getsockname()[1]))
        window.click(START)
        connection, _ = server.accept()
        with connection:
            window.click(CONTENT)
            window.type("ping")
            window.key("ctrl+Return")
            got = receive(connection, 4, PATIENCE)
            assert got == b"ping", got
            connection.sendall(b"PONG from the device")
            until("the capture of the answer", lambda: window.captured(b"PONG from the device"))
            window.picture(pictures / "windows-connect-text.png")
            window.click(START)
            assert receive(connection, 1, PATIENCE) == b"", "the connection is closed by the window"


def main():
    programs, pictures = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    pictures.mkdir(parents=True, exist_ok=True)
    for tool in ("wine", "Xvfb", "openbox", "xdotool", "import"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing: run ./scripts/setup windows")
    read_end, write_end = os.pipe()
    display = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1400x960x24", "-nolisten", "tcp"],
                               pass_fds=(write_end,), stderr=subprocess.DEVNULL)
    os.close(write_end)
    started = [display]
    try:
        number = os.fdopen(read_end).readline().strip()
        # Direct3D 12 of wine 8 ends the program by an assertion of its own. Without it the window falls back to OpenGL.
        os.environ.update(DISPLAY=":" + number, LIBGL_ALWAYS_SOFTWARE="1", WINEDLLOVERRIDES="d3d12=")
        started.append(subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL))
        with tempfile.TemporaryDirectory(prefix="wirebench-wine-") as data:
            window = Window(str(programs / "wirebench.exe"), data)
            started.append(window.process)
            try:
                listen_and_inspect(window, pictures)
                connect_and_send(window, pictures)
            except BaseException:
                subprocess.call(["import", "-window", "root", str(pictures / "windows-failure.png")])
                raise
            window.key("alt+F4")
            code = window.process.wait(timeout=PATIENCE)
            assert code == 0, f"the program ended with {code}"
        print("windows window: listened, inspected in hex, sent, connected, closed")
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
