"""Compares colours of the real window with those of its themes, and looks for glyphs that became squares: no text can show that.

Usage: colours.py BINARY PICTURE_DIR

Counts pixels in areas that the accessibility tree gives, so it depends neither on the rasteriser nor on a font to the pixel.
"""
import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter

from desktop import Desktop, inside_desktop
from peer import free_port, receive

# Each case has a desktop of its own, with the window at the same place.
CASE = "WIREBENCH_COLOURS"
if CASE not in os.environ:
    sys.exit(max(subprocess.call([sys.executable, os.path.abspath(__file__), *sys.argv[1:]],
                                 env=dict(os.environ, **{CASE: f"{case} {theme}"}))
                 for case in ("rows", "error") for theme in ("light", "dark")))
inside_desktop()
import pyatspi  # on the desktop only
from x11 import Screen

binary, pictures = sys.argv[1:3]
desktop = Desktop()
screen = Screen()
RECEIVED = "你好，网络调试助手 MARK 0123456789"
#: A colour on screen may differ from that of the theme by this much in each channel.
TOLERANCE = 2
#: Strokes and bars of glyphs are narrower than this, in pixels.
SOLID = 7


def theme(name):
    """The colours of a theme, from the source: name -> (red, green, blue)."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src/gui/theme/tokens.rs")
    with open(source) as file:
        block = file.read().split(f"pub const {name.upper()}: Tokens = Tokens {{")[1].split("\n};")[0]
    colours = re.findall(r"^    (\w+): rgb\(0x([0-9A-F]{6})\)", block, re.MULTILINE)
    return {name: tuple(bytes.fromhex(value)) for name, value in colours}


def pixels(area):
    """The pixels of an area, as rows of (red, green, blue)."""
    x, y, width, height = area
    data = screen.pixels(x, y, width, height)
    stride = len(data) // height
    return [[(data[at + 2], data[at + 1], data[at])
             for at in range(row * stride, row * stride + width * 4, 4)] for row in range(height)]


def same(one, other, tolerance=TOLERANCE):
    return all(abs(a - b) <= tolerance for a, b in zip(one, other))


def area_of(name, role="label"):
    """The area of an object whose name contains `name`; by default a row of the log."""
    extents = desktop.find(name, role, part=True).queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    return extents.x, extents.y, extents.width, extents.height


def ground(area):
    """The most frequent colour."""
    return Counter(pixel for row in pixels(area) for pixel in row).most_common(1)[0][0]


def count(area, colour):
    return sum(same(pixel, colour) for row in pixels(area) for pixel in row)


def until(holds, otherwise, seconds=10):
    deadline = time.time() + seconds
    while not holds():
        if time.time() > deadline:
            desktop.fail(otherwise())
        time.sleep(0.1)


def has_ground(name, colour, why):
    until(lambda: same(ground(area_of(name)), colour), lambda: f"{why}: {ground(area_of(name))} instead of {colour}")


def glyph_fault(area):
    """Why the text in this area cannot be read: no ink, too much, or a solid square where strokes belong. None: it can."""
    behind = ground(area)
    # (The bar at the left edge of a row is solid.)
    far = [[max(abs(a - b) for a, b in zip(pixel, behind)) for pixel in row[8:]] for row in pixels(area)]
    # Smoothed edges fill the gaps of dense characters; they are no ink.
    ink = [[distance > 0.6 * max(60, *map(max, far)) for distance in row] for row in far]
    share = sum(map(sum, ink)) / max(1, sum(map(len, ink)))
    if not 0.003 < share < 0.4:
        return f"{share:.3f} of {area} is ink"
    before = [0] * len(ink[0])
    for y, row in enumerate(ink):
        # The side of the largest solid square that ends at each pixel.
        sides = [0] * len(row)
        for x, is_ink in enumerate(row):
            if is_ink:
                sides[x] = 1 + (min(before[x], sides[x - 1], before[x - 1]) if x else 0)
                if sides[x] >= SOLID:
                    return f"a solid square at {area[0] + 8 + x}, {area[1] + y}"
        before = sides
    return None


def has_glyphs(theme_name, name, role="label"):
    """Each glyph is drawn, and from the right place of its texture."""
    until(lambda: not glyph_fault(area_of(name, role)), lambda: f"{theme_name}, {name}: {glyph_fault(area_of(name, role))}")


def window(name, *arguments):
    # The home folder of the desktop is deleted at its end.
    data = os.path.join(os.environ["HOME"], "data")
    desktop.start(binary, "gui", "--data-dir", data, "--lang", "zh-CN", "--theme", name, "--size", "1280x800", *arguments)
    desktop.find("复位计数", "push button")


def rows(name, colours):
    """Received, sent, selected and found, each with the ground of the theme."""
    port = free_port()
    window(name, "--listen", f"tcp://127.0.0.1:{port}")
    desktop.find("停止监听", "push button")
    with socket.create_connection(("127.0.0.1", port), timeout=15) as device:
        device.sendall(RECEIVED.encode() + b"\n")
        desktop.find("MARK", part=True)
        desktop.click("发送内容")
        desktop.type("PING")
        desktop.key("ctrl+Return")
        assert receive(device, 4) == b"PING"
        desktop.find("PING", "label", part=True)
        desktop.park()
        has_ground("MARK", colours["canvas"], f"{name}: a received row")
        has_ground("PING", colours["sent_row"], f"{name}: a sent row")
        for row in ("MARK", "PING"):
            has_glyphs(name, row)
        for button in ("停止监听", "复位计数"):
            has_glyphs(name, button, "push button")
        assert count(area_of("MARK"), colours["hit"]) == 0
        desktop.key("ctrl+f")
        desktop.type("MARK")
        until(lambda: count(area_of("MARK"), colours["hit"]) > 100, lambda: f"{name}: a hit has no ground")
        desktop.key("ctrl+a", "Delete", "Escape")
        until(lambda: count(area_of("MARK"), colours["hit"]) == 0, lambda: f"{name}: a hit keeps its ground")
        x, y, _, height = area_of("MARK")
        subprocess.check_call(["xdotool", "mousemove", str(x + 30), str(y + height // 2), "click", "1"])
        desktop.park()
        has_ground("MARK", colours["selection"], f"{name}: a selected row")
        desktop.picture(os.path.join(pictures, f"colours-{name}.png"))


def error(name, colours):
    """The banner of a failed connect."""
    window(name, "--connect", f"tcp://127.0.0.1:{free_port()}")
    x, y, _, height = area_of("重试", "push button")
    beside = (x - 200, y, 150, height)
    until(lambda: same(ground(beside), colours["error_ground"]),
          lambda: f"{name}: the banner: {ground(beside)} instead of {colours['error_ground']}")
    until(lambda: count(area_of("ECONNREFUSED"), colours["error"]) > 10, lambda: f"{name}: the row of an error is not red")
    has_glyphs(name, "ECONNREFUSED")
    desktop.picture(os.path.join(pictures, f"colours-{name}-error.png"))


case, theme_name = os.environ[CASE].split()
try:
    {"rows": rows, "error": error}[case](theme_name, theme(theme_name))
    print("colours:", case, theme_name)
finally:
    desktop.end()
