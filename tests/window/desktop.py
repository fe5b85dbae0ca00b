"""A separate desktop for one program: Xvfb, a session bus, the accessibility bus, a window manager.

The program is driven from outside as a user and a screen reader would: controls are found by accessible name and role,
clicked with the mouse pointer, typed into with the keyboard. Needs Debian's python3-pyatspi, xvfb, openbox, at-spi2-core,
dbus-x11, xdotool and imagemagick (scripts/setup test).
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time

BUS_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")


def inside_desktop(size="1400x960"):
    """Restarts the calling script on a new desktop and exits with its code; returns immediately if already on one."""
    if os.environ.get("WIREBENCH_DESKTOP") == "1":
        return
    for tool in ("Xvfb", "openbox", "dbus-run-session", "xdotool", "import"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is missing: run ./scripts/setup test")
    runtime = tempfile.mkdtemp(prefix="wirebench-desktop-")
    os.chmod(runtime, 0o700)
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size + "x24", "-nolisten", "tcp"],
        pass_fds=(write_end,), stderr=subprocess.DEVNULL)
    os.close(write_end)
    try:
        number = os.fdopen(read_end).readline().strip()
        if not number:
            sys.exit("Xvfb did not start")
        environment = dict(os.environ, DISPLAY=":" + number, XDG_RUNTIME_DIR=runtime, WIREBENCH_DESKTOP="1",
                           HOME=runtime, XDG_SESSION_TYPE="x11", LIBGL_ALWAYS_SOFTWARE="1")
        environment.pop("WAYLAND_DISPLAY", None)
        code = subprocess.call(
            ["dbus-run-session", "--", "/usr/bin/python3", os.path.abspath(sys.argv[0]), *sys.argv[1:]],
            env=environment)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(runtime, ignore_errors=True)
    sys.exit(code)


class Desktop:
    """The buses, the window manager, and the programs under test."""

    def __init__(self):
        self.processes = []
        launcher = next((path for path in BUS_LAUNCHERS if os.path.exists(path)), None)
        if launcher is None:
            sys.exit("at-spi-bus-launcher is missing: run ./scripts/setup test")
        self._spawn([launcher, "--launch-immediately"])
        self._wait_for_bus()
        self._spawn(["openbox"])
        global pyatspi
        import pyatspi  # the bus must exist first
        self.registry = pyatspi.Registry

    def _spawn(self, command, **options):
        options.setdefault("stdout", subprocess.DEVNULL)
        options.setdefault("stderr", subprocess.DEVNULL)
        process = subprocess.Popen(command, **options)
        self.processes.append(process)
        return process

    def _wait_for_bus(self):
        deadline = time.time() + 20
        enable = ["dbus-send", "--session", "--dest=org.a11y.Bus", "--print-reply", "/org/a11y/bus",
                  "org.freedesktop.DBus.Properties.Set", "string:org.a11y.Status", "string:IsEnabled",
                  "variant:boolean:true"]
        while subprocess.call(enable, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) != 0:
            if time.time() > deadline:
                sys.exit("the accessibility bus did not start")
            time.sleep(0.2)
        subprocess.call(["gsettings", "set", "org.gnome.desktop.interface", "toolkit-accessibility", "true"],
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self, *command):
        """Starts the program under test; its messages go to this process's standard error."""
        return self._spawn([str(part) for part in command], stdout=sys.stderr, stderr=sys.stderr)

    def drain(self):
        """Drains accessibility-bus messages. Unread messages accumulate until the bus refuses replies too."""
        from gi.repository import GLib
        context = GLib.MainContext.default()
        deadline = time.time() + 5
        while context.pending() and time.time() < deadline:
            context.iteration(False)

    def nodes(self):
        """Every accessible object of every program, depth first, with its depth."""
        self.drain()

        def walk(node, depth):
            if node is None or depth > 60:
                return
            yield node, depth
            try:
                children = [node.getChildAtIndex(i) for i in range(node.childCount)]
            except Exception:  # the tree changes while it is read
                return
            for child in children:
                yield from walk(child, depth + 1)

        for application in self.registry.getDesktop(0):
            if application is not None:
                yield from walk(application, 0)

    def tree(self, most=500):
        """The tree as text, for a failure's message."""
        rows = []
        for node, depth in self.nodes():
            try:
                rows.append(f"{'  ' * depth}{node.getRoleName()} {node.name!r}")
            except Exception:
                continue
            if len(rows) >= most:
                break
        return "\n".join(rows)

    def search(self, name, role=None, part=False):
        """The first object with this name (or containing it), or None."""
        for node, _ in self.nodes():
            try:
                known = node.name or ""
                if (known == name or (part and name in known)) and (role is None or node.getRoleName() == role):
                    return node
            except Exception:
                continue
        return None

    def find(self, name, role=None, part=False, seconds=15):
        """Waits for an object; fails with the tree if it does not appear."""
        deadline = time.time() + seconds
        while True:
            node = self.search(name, role, part)
            if node is not None:
                return node
            if time.time() > deadline:
                self.fail(f"not on screen: {name!r} {role or ''}")
            time.sleep(0.1)

    def fail(self, message):
        """Saves a picture, prints the tree and exits."""
        folder = os.environ.get("WIREBENCH_PICTURES", tempfile.gettempdir())
        self.picture(os.path.join(folder, "window-failure.png"))
        sys.exit(f"{message}\n{self.tree()}")

    def centre(self, node):
        """Screen coordinates of an object's centre."""
        extents = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        return extents.x + extents.width // 2, extents.y + extents.height // 2

    def click(self, name, role=None, part=False, button=1):
        """Clicks the object once it has stopped moving."""
        x, y = self.centre(self.find(name, role, part))
        for _ in range(20):
            time.sleep(0.15)
            before, (x, y) = (x, y), self.centre(self.find(name, role, part))
            if before == (x, y):
                break
        subprocess.check_call(["xdotool", "mousemove", str(x), str(y), "sleep", "0.05", "click", str(button)])
        time.sleep(0.2)

    def key(self, *keys):
        """Presses keys by X key name."""
        subprocess.check_call(["xdotool", "key", *keys])
        time.sleep(0.1)

    def type(self, text):
        """Types text."""
        subprocess.check_call(["xdotool", "type", "--delay", "8", text])
        time.sleep(0.1)

    def fill(self, name, text):
        """Replaces the content of a text field."""
        self.click(name)
        self.key("ctrl+a")
        self.type(text)

    def choose(self, name, option):
        """Selects an option of the drop-down with this name."""
        self.click(name)
        self.click(option)

    def park(self):
        """Moves the pointer to a corner of the screen, so that it hovers over nothing."""
        subprocess.check_call(["xdotool", "mousemove", "0", "0"])

    def picture(self, path):
        """Takes a picture of the program's newest window, or of the screen if there is none."""
        time.sleep(0.3)
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Wirebench"], capture_output=True, text=True)
        window = (found.stdout.split() or ["root"])[-1]
        subprocess.check_call(["import", "-window", window, path])

    def end(self):
        """Stops all programs that were started here, newest first."""
        for process in reversed(self.processes):
            process.terminate()
        for process in reversed(self.processes):
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
