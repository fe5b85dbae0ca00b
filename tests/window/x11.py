"""Reads a display and sends input to it with the X libraries only (libX11, libXtst; both installed with xdotool).

Keys and pointer events are sent by XTest, which a program cannot distinguish from real devices; then pixels are read until they
have changed. So the measured time is what a user sees: from the event to the picture, including the X server.
"""
import ctypes
import time

_x11 = ctypes.CDLL("libX11.so.6")
_xtst = ctypes.CDLL("libXtst.so.6")
_pointer, _ulong, _int, _uint = ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_uint
#: Two reads of the screen are never this far apart, unless the process was suspended, in seconds.
HELD_UP = 2.0
ALL_PLANES, Z_PIXMAP = ctypes.c_ulong(-1).value, 2

for _name, _result, _arguments in (
    ("XOpenDisplay", _pointer, [ctypes.c_char_p]),
    ("XDefaultRootWindow", _ulong, [_pointer]),
    ("XGetImage", _pointer, [_pointer, _ulong, _int, _int, _uint, _uint, _ulong, _int]),
    ("XDestroyImage", _int, [_pointer]),
    ("XFlush", _int, [_pointer]),
    ("XSync", _int, [_pointer, _int]),
    ("XKeysymToKeycode", ctypes.c_ubyte, [_pointer, _ulong]),
    ("XStringToKeysym", _ulong, [ctypes.c_char_p]),
    ("XSetWindowBackground", _int, [_pointer, _ulong, _ulong]),
    ("XClearWindow", _int, [_pointer, _ulong]),
):
    getattr(_x11, _name).restype, getattr(_x11, _name).argtypes = _result, _arguments
_xtst.XTestFakeKeyEvent.argtypes = [_pointer, _uint, _int, _ulong]
_xtst.XTestFakeMotionEvent.argtypes = [_pointer, _int, _int, _int, _ulong]


class _Image(ctypes.Structure):
    """The first fields of an XImage."""
    _fields_ = [("width", _int), ("height", _int), ("xoffset", _int), ("format", _int), ("data", _pointer),
                ("byte_order", _int), ("bitmap_unit", _int), ("bitmap_bit_order", _int), ("bitmap_pad", _int),
                ("depth", _int), ("bytes_per_line", _int)]


class Screen:
    """The display of this process."""

    def __init__(self):
        self.display = _x11.XOpenDisplay(None)
        if not self.display:
            raise SystemExit("no X display")
        self.root = _x11.XDefaultRootWindow(self.display)

    def pixels(self, x, y, width, height):
        """The pixels of an area, row by row, four bytes each: blue, green, red, unused."""
        image = _x11.XGetImage(self.display, self.root, x, y, width, height, ALL_PLANES, Z_PIXMAP)
        if not image:
            raise SystemExit("the X server gives no picture")
        head = ctypes.cast(image, ctypes.POINTER(_Image)).contents
        data = ctypes.string_at(head.data, head.bytes_per_line * head.height)
        _x11.XDestroyImage(image)
        return data

    def ground(self, colour):
        """Paints the root window, so that it differs from a window."""
        _x11.XSetWindowBackground(self.display, self.root, colour)
        _x11.XClearWindow(self.display, self.root)
        _x11.XSync(self.display, 0)

    def keys(self, *names):
        """Presses the keys together and releases them; `keys("Control_L", "b")` is Ctrl+B."""
        codes = [_x11.XKeysymToKeycode(self.display, _x11.XStringToKeysym(name.encode())) for name in names]
        for code in codes:
            _xtst.XTestFakeKeyEvent(self.display, code, 1, 0)
        for code in reversed(codes):
            _xtst.XTestFakeKeyEvent(self.display, code, 0, 0)
        _x11.XFlush(self.display)

    def move(self, x, y):
        """Moves the pointer."""
        _xtst.XTestFakeMotionEvent(self.display, -1, x, y, 0)
        _x11.XFlush(self.display)


class Reaction:
    """Measures how long an input takes to toggle an area between two appearances.

    First both appearances are learnt: the pixels of `area` that are constant in each and differ between them. This is done
    while the traffic runs, so that pixels that change by themselves are excluded.
    """

    def __init__(self, screen, area, there, back):
        self.screen, self.inputs, self.is_on = screen, (there, back), False
        for settle in (0.4, 1.5, 4.0):
            if self._learn(area, settle):
                return
        raise SystemExit("the input causes no lasting change on screen")

    def _learn(self, area, settle):
        """Finds the row with the most pixels that differ between the appearances. On a busy machine they take longer to appear."""
        x, y, width, height = area
        looks = []
        for act in self.inputs * 2:
            act()
            time.sleep(settle)
            looks.append([self.screen.pixels(*area) for _ in range(3) if time.sleep(settle / 4) is None])
        on, off = looks[0] + looks[2], looks[1] + looks[3]

        def steady(pictures, at):
            return all(picture[at:at + 3] == pictures[0][at:at + 3] for picture in pictures)

        best, self.columns, found = 0, [], None
        for row in range(height):
            base = row * width * 4
            places = [column for column in range(width)
                      if on[0][base + column * 4:][:3] != off[0][base + column * 4:][:3]
                      and steady(on, base + column * 4) and steady(off, base + column * 4)]
            if len(places) > best:
                best, self.columns, found = len(places), places, row
        if found is None:
            return False
        self.place = (x, y + found, width, 1)
        base = found * width * 4
        self.looks = [self._pick(on[0][base:]), self._pick(off[0][base:])]
        return True

    def _pick(self, row):
        return b"".join(row[column * 4:column * 4 + 3] for column in self.columns)

    def measure(self, most=5.0):
        """Seconds from the input until the other appearance is complete on screen; `most` if it does not appear.

        `None` if this process was suspended meanwhile (a stopped job, a paused machine).
        """
        act, wanted = self.inputs[self.is_on], self.looks[self.is_on]
        self.is_on = not self.is_on
        begin = looked = time.perf_counter()
        act()
        while True:
            shown = self._pick(self.screen.pixels(*self.place)) == wanted
            now = time.perf_counter()
            if now - looked > HELD_UP:
                return None
            if shown or now - begin > most:
                return min(now - begin, most)
            looked = now
            time.sleep(0.0003)


def left_column(screen):
    """Ctrl+B shows and hides the left column: a key that changes much of the window."""
    def press():
        screen.keys("Control_L", "b")

    # Left of the running time, above the peers, beside the rail: what is there changes with the key alone.
    return Reaction(screen, (44, 60, 120, 120), press, press)
