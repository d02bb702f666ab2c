"""An ESP32 in its ROM boot loader, which speaks SLIP, with 4 MiB of flash.

fake_esp32.py FLASH [WRITES]
"""

import hashlib
import struct

from terminal import Terminal, flash

SYNC, BEGIN, DATA, FINISH, READ_REGISTER, READ, MD5 = 0x08, 0x02, 0x03, 0x04, 0x0A, 0x0E, 0x13
REGISTERS = {0x40001000: 0x00F01D83, 0x3FF40014: 347, 0x3FF5A004: 0x0C112233, 0x3FF5A008: 0x445566}

port = Terminal()
memory = flash(4 << 20)
start = size = 0


def frame():
    data = bytearray()
    while port.read(1) != b"\xc0":
        pass
    while True:
        byte = port.read(1)
        if byte == b"\xc0":
            if data:
                return bytes(data)
        elif byte == b"\xdb":
            data += b"\xc0" if port.read(1) == b"\xdc" else b"\xdb"
        else:
            data += byte


def answer(command, value=0, data=b""):
    data += bytes(4)
    packet = struct.pack("<BBHI", 1, command, len(data), value) + data
    port.write(b"\xc0" + packet.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0")


while True:
    packet = frame()
    command, body = packet[1], packet[8:]
    if command == SYNC:
        for _ in range(8):
            answer(SYNC, 0x20120707)
    elif command == READ_REGISTER:
        answer(command, REGISTERS.get(struct.unpack("<I", body)[0], 0))
    elif command == BEGIN:
        erased, _, size, start = struct.unpack("<4I", body[:16])
        memory.data[start : start + erased] = b"\xff" * erased
        answer(command)
    elif command == DATA:
        count, sequence = struct.unpack("<2I", body[:8])
        memory.write(start + sequence * size, body[16 : 16 + count])
        answer(command)
    elif command == MD5:
        at, count = struct.unpack("<2I", body[:8])
        answer(command, data=hashlib.md5(memory.read(at, count)).hexdigest().encode())
    elif command == READ:
        at, count = struct.unpack("<2I", body[:8])
        answer(command, data=memory.read(at, count).ljust(64, b"\0"))
    else:
        answer(command)
