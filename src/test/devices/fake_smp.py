"""A device with MCUboot's two slots, which speaks the Simple Management Protocol by UDP.

fake_smp.py DIRECTORY [WRITES]

It keeps its slots in DIRECTORY as slot0 and slot1, "confirmed" while what runs is confirmed, and
"pending" while the other is booted next. While "bad" is there, a new image does not come up.
"""

import hashlib
import os
import signal
import socket
import struct
import sys

place = sys.argv[1]
left = int(sys.argv[2]) if len(sys.argv) > 2 else -1
signal.alarm(120)


def path(name):
    return os.path.join(place, name)


def has(name):
    return os.path.exists(path(name))


def put(name, data=b""):
    with open(path(name), "wb") as file:
        file.write(data)


def drop(name):
    if has(name):
        os.remove(path(name))


def slot(number):
    with open(path("slot%d" % number), "rb") as file:
        return file.read()


def head(kind, count):
    for info, size in ((count, 0), (24, 1), (25, 2), (26, 4)):
        if size == 0 and count < 24:
            return bytes([kind << 5 | count])
        if size and count < 1 << 8 * size:
            return bytes([kind << 5 | info]) + count.to_bytes(size, "big")


def encode(value):
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value)) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(encode, value))
    return head(5, len(value)) + b"".join(encode(k) + encode(v) for k, v in value.items())


def decode(data, at=0):
    kind, count = data[at] >> 5, data[at] & 31
    at += 1
    if kind == 7:
        return count == 21, at
    if 24 <= count <= 26:
        size = 1 << count - 24
        count = int.from_bytes(data[at : at + size], "big")
        at += size
    if kind == 0:
        return count, at
    if kind in (2, 3):
        value = data[at : at + count]
        return (value if kind == 2 else value.decode()), at + count
    values = []
    for _ in range(count * (2 if kind == 5 else 1)):
        value, at = decode(data, at)
        values.append(value)
    return (dict(zip(values[::2], values[1::2])) if kind == 5 else values), at


def describe(number):
    image = slot(number)
    major, minor, revision, _ = struct.unpack("<BBHI", image[20:28])
    booted = number == 0
    return {
        "slot": number,
        "version": "%d.%d.%d" % (major, minor, revision),
        "hash": hashlib.sha256(image).digest(),
        "bootable": True,
        "pending": not booted and has("pending"),
        "confirmed": has("confirmed") if booted else not has("confirmed"),
        "active": booted,
        "permanent": False,
    }


def images():
    return {"images": [describe(n) for n in (0, 1) if has("slot%d" % n)]}


def swap():
    old, new = slot(0), slot(1)
    put("slot0", new)
    put("slot1", old)


def reset():
    if has("pending"):
        drop("pending")
        # What does not come up is reset by its watchdog, and swapped back by MCUboot.
        if not has("bad"):
            swap()
            if not has("permanent"):
                drop("confirmed")
        drop("permanent")
    elif not has("confirmed"):
        swap()
        put("confirmed")


def upload(request):
    global left
    left -= 1
    if left == 0:
        sys.exit(0)
    kept = b"" if request["off"] == 0 or not has("part") else open(path("part"), "rb").read()
    if request["off"] == 0:
        put("size", str(request["len"]).encode())
    kept = kept[: request["off"]] + request["data"]
    put("part", kept)
    if len(kept) == int(open(path("size")).read()):
        os.rename(path("part"), path("slot1"))
    return {"off": len(kept)}


def choose(request):
    other = has("slot1") and request["hash"] == hashlib.sha256(slot(1)).digest()
    if other:
        put("pending")
        if request.get("confirm"):
            put("permanent")
    elif request.get("confirm"):
        put("confirmed")
    return images()


link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
# The port is always this one, so every device has an address of its own.
address = "127.77.%d.%d" % (os.getpid() >> 8 & 255, os.getpid() & 255 or 1)
link.bind((address, 1337))
print(address, flush=True)
while True:
    packet, peer = link.recvfrom(4096)
    operation, _, _, group, sequence, command = struct.unpack(">BBHHBB", packet[:8])
    request = decode(packet[8:])[0] if len(packet) > 8 else {}
    asked = (group, command, operation & 7)
    if asked == (1, 0, 0):
        reply = images()
    elif asked == (1, 0, 2):
        reply = choose(request)
    elif asked == (1, 1, 2):
        reply = upload(request)
    elif asked == (0, 5, 2):
        reset()
        reply = {}
    elif asked == (0, 6, 0):
        reply = {"buf_size": 1024, "buf_count": 4}
    else:
        reply = {"rc": 8}
    body = encode(reply)
    answer = struct.pack(">BBHHBB", (operation & 7) + 1 | operation & 0x18, 0, len(body), group, sequence, command)
    link.sendto(answer + body, peer)
