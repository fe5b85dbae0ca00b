"""Chinese by fcitx5's pinyin in the real window: types into the send box as a user does and compares what a peer receives.

Usage: ime.py BINARY [PICTURE_DIR]

Runs twice: with the composition drawn by the program, and drawn by the input method. Not part of CI; run before a release.
Needs, besides `scripts/setup test`, Debian's fcitx5, fcitx5-chinese-addons and dbus-x11.
"""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from desktop import Desktop, inside_desktop
from peer import free_port, receive

# Each run has a desktop of its own: a client of X keeps to the input method that it met first.
if "WIREBENCH_COMPOSED_BY" not in os.environ:
    runs = [subprocess.call([sys.executable, os.path.abspath(__file__), *sys.argv[1:]],
                            env=dict(os.environ, WIREBENCH_COMPOSED_BY=by)) for by in ("program", "method")]
    sys.exit(max(runs))
# X clients open an input method only under a locale with UTF-8.
os.environ.update(LC_ALL="C.UTF-8", XMODIFIERS="@im=fcitx")
inside_desktop()
import pyatspi  # on the desktop only

binary = sys.argv[1]
pictures = sys.argv[2] if len(sys.argv) > 2 else tempfile.gettempdir()
desktop = Desktop()

PROFILE = """[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin

[Groups/0/Items/0]
Name=keyboard-us
Layout=

[Groups/0/Items/1]
Name=pinyin
Layout=

[GroupOrder]
0=Default
"""
ADDONS_OFF = "wayland,waylandim,cloudpinyin,notifications,notificationitem"
BOX = "Send content"


def wait(holds, otherwise, seconds=15):
    """Waits until `holds()`; then returns what it gave. Fails with `otherwise()`."""
    deadline = time.time() + seconds
    while not (found := holds()):
        if time.time() > deadline:
            desktop.fail(otherwise() if callable(otherwise) else otherwise)
        time.sleep(0.05)
    return found


class InputMethod:
    """fcitx5 with pinyin on this desktop, with a configuration of its own."""

    def __init__(self, on_the_spot):
        for tool in ("fcitx5", "fcitx5-remote"):
            if shutil.which(tool) is None:
                sys.exit(f"{tool} is missing: install fcitx5 and fcitx5-chinese-addons")
        folder = os.path.join(os.environ["HOME"], ".config", "fcitx5")
        os.makedirs(os.path.join(folder, "conf"), exist_ok=True)
        with open(os.path.join(folder, "profile"), "w") as file:
            file.write(PROFILE)
        with open(os.path.join(folder, "conf", "xim.conf"), "w") as file:
            file.write(f"UseOnTheSpot={on_the_spot}\n")
        self.process = subprocess.Popen(["fcitx5", "--disable", ADDONS_OFF],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait(self.is_on_the_bus, "fcitx5 did not start")

    @staticmethod
    def is_on_the_bus():
        """(fcitx5-remote would make the bus start another one.)"""
        asked = subprocess.run(["dbus-send", "--session", "--dest=org.freedesktop.DBus", "--print-reply=literal", "/",
                                "org.freedesktop.DBus.NameHasOwner", "string:org.fcitx.Fcitx5"],
                               capture_output=True, text=True)
        return "true" in asked.stdout

    @staticmethod
    def name():
        """The input method of the focused field."""
        return subprocess.run(["fcitx5-remote", "-n"], capture_output=True, text=True).stdout.strip()

    def switch(self):
        """Ctrl+Space in the focused field."""
        desktop.key("ctrl+space")
        wait(lambda: self.name() == "pinyin", lambda: f"Ctrl+Space does not switch to pinyin: {self.name()}")

    def end(self):
        subprocess.run(["fcitx5-remote", "-e"], capture_output=True)
        self.process.wait(10)


def nudge():
    """Moves the pointer. winit passes on requests to and texts of the input method only at an event of the X server, and unlike a
    user's, these keys are released before the input method has answered."""
    for way in ("3", "-3"):
        subprocess.check_call(["xdotool", "mousemove_relative", "--", way, "0"])


def focus(name):
    """Clicks a field."""
    desktop.click(name)
    nudge()
    time.sleep(0.3)


def keys(*names):
    """Presses keys one after the other. The input method must see Shift released before the next one."""
    for name in names:
        desktop.key(name)
        time.sleep(0.05)


def shifted(*names):
    """Presses keys with Shift, as slowly as the input method needs to see it."""
    for name in names:
        for act in (("keydown", "Shift_L"), ("key", name), ("keyup", "Shift_L")):
            subprocess.check_call(["xdotool", *act])
            time.sleep(0.1)


def content(name=BOX):
    """The text in a field, with what is being composed."""
    text = desktop.find(name).queryText()
    return text.getText(0, text.characterCount)


def holds(wanted, why, name=BOX):
    """The field must hold exactly this text."""
    def has_it():
        nudge()
        return content(name) == wanted

    wait(has_it, lambda: f"{why}: {content(name)!r} instead of {wanted!r}", 5)


def sends(device, wanted, why):
    """Ctrl+Enter; the peer must receive exactly `wanted`."""
    holds(wanted, why)
    keys("ctrl+Return")
    got = receive(device, len(wanted.encode()))
    assert got == wanted.encode(), f"{why}: {got!r} instead of {wanted.encode()!r}"
    keys("ctrl+a", "Delete")
    holds("", "Ctrl+A and Delete empty the box")


def windows():
    """The visible windows of the display: id -> (x, y, width, height)."""
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", ""], capture_output=True, text=True)
    places = {}
    for window in found.stdout.split():
        asked = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window], capture_output=True, text=True)
        values = dict(line.split("=", 1) for line in asked.stdout.splitlines() if "=" in line)
        if {"X", "Y", "WIDTH", "HEIGHT"} <= values.keys():
            places[window] = tuple(int(values[key]) for key in ("X", "Y", "WIDTH", "HEIGHT"))
    return places


def candidates_are_near(before):
    """The list of candidates is below or above the first line of the box, and begins at the caret."""
    def opened():
        return [place for window, place in windows().items() if window not in before and place[2] > 60]

    left, top, width, height = wait(opened, "no list of candidates")[0]
    box = desktop.find(BOX).queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    # The first line of the box is less than 30 high.
    is_near = abs(left - box.x) < 200 and (12 <= top - box.y < 40 or 0 <= box.y + 30 - (top + height) < 40)
    if not is_near:
        desktop.fail(f"candidates at {(left, top, width, height)}, the box at {(box.x, box.y, box.width, box.height)}")


def type_chinese(device, method, on_the_spot):
    def composed(letters):
        return letters if on_the_spot else ""

    focus(BOX)
    before = windows()
    method.switch()
    keys(*"nihao")
    holds(composed("ni hao"), "composing")
    candidates_are_near(before)
    desktop.picture(os.path.join(pictures, f"ime-{'program' if on_the_spot else 'method'}.png"))
    keys("space", *"shijie", "space", *"pengyou", "1")
    sends(device, "你好世界朋友", "three commits one after the other")

    keys(*"nihao", "space", "comma", *"shijie", "space", "period")
    shifted("slash", "1", "semicolon")
    sends(device, "你好，世界。？！：", "full-width punctuation")

    keys(*"nihao", "space", *"shijie", "BackSpace", "BackSpace")
    holds("你好" + composed("shi j"), "Backspace while composing")
    keys("i", "e", "space")
    sends(device, "你好世界", "a composition that was corrected")

    keys(*"nihao", "space", *"shi", *["BackSpace"] * 3)
    holds("你好", "a composition that was deleted")
    keys("BackSpace")
    sends(device, "你", "Backspace after a composition that was deleted")

    keys(*"nihao", "space", *"shijie", "Escape")
    holds("你好", "Esc while composing drops the composition only")
    keys(*"shijie", "space")
    sends(device, "你好世界", "the box keeps focus and input method after Esc")

    keys(*"nihao", "Return")
    sends(device, "nihao", "Enter while composing commits the letters and starts no line")

    # The order of composition and keys of the box: select all, replace by a composition.
    keys(*"shijie", "space", "ctrl+a", *"nihao", "space")
    sends(device, "你好", "a composition over a selection")

    desktop.click("Traffic")
    focus(BOX)
    keys(*"nihao", "space")
    sends(device, "你好", "pinyin stays on after a click outside the box")
    focus("Find")
    keys(*"nihao", "space")
    holds("你好", "pinyin stays on in another field", "Find")
    keys("ctrl+a", "Delete")
    focus(BOX)
    before = windows()
    keys(*"ni")
    candidates_are_near(before)
    if on_the_spot:
        focus("Find")
        holds("", "a composition does not follow the focus", "Find")
        holds("ni", "the letters of a composition stay where they were typed")
    else:
        keys("Escape")
        holds("", "Esc drops a composition")


def run(on_the_spot):
    method = InputMethod(on_the_spot)
    window = None
    try:
        with tempfile.TemporaryDirectory(prefix="wirebench-ime-") as data:
            port = free_port()
            window = desktop.start(binary, "gui", "--data-dir", data, "--lang", "en", "--theme", "light",
                                   "--size", "1280x800", "--listen", f"tcp://127.0.0.1:{port}")
            desktop.find("Stop listening", "push button")
            with socket.create_connection(("127.0.0.1", port), timeout=15) as device:
                desktop.find("Peers 1")
                type_chinese(device, method, on_the_spot)
            window.terminate()
            window.wait(10)
    finally:
        if window is not None and window.poll() is None:
            window.kill()
            window.wait(10)
        method.end()


composed_by = os.environ["WIREBENCH_COMPOSED_BY"]
try:
    run(composed_by == "program")
    print("ime: composed by the", "program" if composed_by == "program" else "input method")
finally:
    desktop.end()
