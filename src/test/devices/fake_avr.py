"""An ATmega328P with the boot loader of an Arduino, which speaks STK500 version 1.

fake_avr.py FLASH [WRITES]
"""

from terminal import Terminal, flash

IN_SYNC, OK, END = b"\x14", b"\x10", b"\x20"
SIGNATURE = b"\x1e\x95\x0f"

port = Terminal()
memory = flash(32768)
address = 0
while True:
    command = port.read(1)
    body, answer = b"", b""
    if command in b"\x30\x50\x51\x75":
        answer = SIGNATURE if command == b"\x75" else b""
    elif command == b"\x41":
        body = port.read(1)
        answer = b"\x03"
    elif command == b"\x42":
        body = port.read(20)
    elif command == b"\x45":
        body = port.read(port.read(1)[0] - 1)
    elif command == b"\x55":
        body = port.read(2)
        address = int.from_bytes(body, "little") * 2
    elif command == b"\x56":
        body = port.read(4)
        answer = b"\x00"
        if body[0] == 0x30:
            answer = SIGNATURE[body[2] : body[2] + 1]
    elif command == b"\x64":
        head = port.read(3)
        memory.write(address, port.read(int.from_bytes(head[:2], "big")))
    elif command == b"\x74":
        head = port.read(3)
        answer = memory.read(address, int.from_bytes(head[:2], "big"))
    else:
        continue
    if port.read(1) == END:
        port.write(IN_SYNC + answer + OK)
