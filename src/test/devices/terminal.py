"""A pseudo-terminal for a fake device: says its path on the first line, and serves until it is killed."""

import os
import signal
import sys
import tty


class Terminal:
    def __init__(self):
        self.controller, port = os.openpty()
        tty.setraw(port)
        # The port stays open here, or the device would see an end whenever a tool closes it.
        print(os.ttyname(port), flush=True)
        signal.alarm(120)

    def read(self, count):
        data = b""
        while len(data) < count:
            data += os.read(self.controller, count - len(data))
        return data

    def write(self, data):
        os.write(self.controller, data)


class Flash:
    """Kept in a file, so that a test can look at it; falls silent at that write."""

    def __init__(self, path, size, writes):
        self.path = path
        self.left = writes
        if os.path.exists(path):
            with open(path, "rb") as kept:
                self.data = bytearray(kept.read())
        else:
            self.data = bytearray(b"\xff" * size)

    def read(self, at, count):
        return bytes(self.data[at : at + count])

    def write(self, at, data):
        self.left -= 1
        while self.left == 0:
            signal.pause()
        self.data[at : at + len(data)] = data
        with open(self.path, "wb") as kept:
            kept.write(self.data)


def flash(size):
    """The flash of the command line: its file, and at which write the device falls silent."""
    return Flash(sys.argv[1], size, int(sys.argv[2]) if len(sys.argv) > 2 else -1)
