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


def modbus_ascii():
    from pymodbus.framer import FramerAscii
    from pymodbus.pdu import DecodePDU

    frame = FramerAscii(DecodePDU(False)).encode(some_bytes(1, 253), dice.randrange(256), 0)
    return frame, frame[1:-2]


def fix():
    import simplefix

    message = simplefix.FixMessage()
    message.append_pair(8, dice.choice(["FIX.4.2", "FIX.4.4", "FIXT.1.1"]))
    message.append_pair(35, "B")
    message.append_pair(34, dice.randrange(10**6))
    # Raw data may look like the end of a message.
    message.append_data(95, 96, some_bytes() + b"\x0110=000\x01" + some_bytes())
    frame = message.encode()
    begin = frame.index(b"\x01", frame.index(b"\x019=") + 1) + 1
    return frame, frame[begin:]


def mllp():
    import hl7
    import hl7.client

    text = "MSH|^~\\&|LAB|H|EHR|H|202601310800||ORU^R01|%d|P|2.5\rOBX|1|ST|||%s\r" % (dice.randrange(999), "é中" * dice.randrange(40))
    message = str(hl7.parse(text)).encode()
    return hl7.client.SB + message + hl7.client.EB + hl7.client.CR, message


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
