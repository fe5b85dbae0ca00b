"""Sends 60 messages of a format, framed by a package of PyPI, in pieces of any size: frames.py FORMAT HOST PORT

Prints a line for each: the frame and its payload, in hex.
"""
import random
import socket
import sys

dice = random.Random(20260131)


def some_bytes(least=1, most=60):
    # The bytes that the formats care about, and others.
    lively = b"\x00\x01\x0a\x0b\x0d\x1c\x3a\x7d\x7e\xc0\xdb\xdc\xdd"
    return bytes(dice.choice(lively) if dice.random() < 0.5 else dice.randrange(256) for _ in range(dice.randint(least, most)))


def nmea():
    import pynmea2

    fields = ("%09.4f" % dice.uniform(0, 9000), "N", "%010.4f" % dice.uniform(0, 18000), "E", "%06d" % dice.randrange(240000), "A")
    sentence = str(pynmea2.GLL("GP", "GLL", fields)).encode()
    return sentence + dice.choice([b"\r\n", b"\n"]), sentence[1:]


def slip():
    import sliplib

    payload = some_bytes()
    return sliplib.encode(payload) + sliplib.END, payload


def cobs():
    from cobs import cobs

    payload = some_bytes(1, 600)
    return cobs.encode(payload) + b"\0", payload


messages = [globals()[sys.argv[1].replace("-", "_")]() for _ in range(60)]
stream = b"".join(frame for frame, _ in messages)
with socket.create_connection((sys.argv[2], int(sys.argv[3]))) as peer:
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while stream:
        length = dice.choice([1, 2, 7, 40, 300])
        peer.sendall(stream[:length])
        stream = stream[length:]
for frame, payload in messages:
    print(frame.hex(), payload.hex())
