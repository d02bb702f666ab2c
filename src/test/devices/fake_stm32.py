"""An STM32F103 in its ROM boot loader (AN3155), with 128 KiB of flash.

fake_stm32.py FLASH [WRITES]
"""

from terminal import Terminal, flash

ACK, NACK = b"\x79", b"\x1f"
FLASH, RAM = 0x08000000, 0x20000000

port = Terminal()
memory = flash(0x20000)


def place():
    """An address with its sum."""
    at = port.read(4)
    total = port.read(1)[0]
    port.write(ACK if total == at[0] ^ at[1] ^ at[2] ^ at[3] else NACK)
    return int.from_bytes(at, "big")


def read():
    at = place()
    count = port.read(2)[0] + 1
    in_flash = FLASH <= at < FLASH + 0x20000
    port.write(ACK + (memory.read(at - FLASH, count) if in_flash else bytes(count)))


def write():
    at = place()
    data = port.read(port.read(1)[0] + 1)
    port.read(1)
    if at < RAM:
        memory.write(at - FLASH, data)
    port.write(ACK)


def erase():
    count = port.read(1)[0]
    if count == 0xFF:
        port.read(1)
        memory.data[:] = b"\xff" * len(memory.data)
    else:
        for page in port.read(count + 1):
            memory.data[page * 1024 : page * 1024 + 1024] = b"\xff" * 1024
        port.read(1)
    port.write(ACK)


def identify():
    port.write(b"\x01\x04\x10" + ACK)


def version():
    port.write(b"\x22\x00\x00" + ACK)


def commands():
    known = bytes(KNOWN)
    port.write(bytes([len(known), 0x22]) + known + ACK)


KNOWN = {0x00: commands, 0x01: version, 0x02: identify, 0x11: read, 0x21: place, 0x31: write, 0x43: erase}

while True:
    command = port.read(1)[0]
    # Also whenever its reset line would have been pulled.
    if command == 0x7F:
        port.write(ACK)
    elif port.read(1)[0] ^ command == 0xFF and command in KNOWN:
        port.write(ACK)
        KNOWN[command]()
    else:
        port.write(NACK)
