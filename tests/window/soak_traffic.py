"""The peers of a soak: they connect and disconnect, stream, repeat, compare echoes, read slowly and reset; every byte is counted.

Usage: soak_traffic.py WINDOW_TCP WINDOW_UDP ECHO_TCP   (ports on 127.0.0.1)
Runs until its standard input is closed, finishes the current exchanges, then prints its totals as a JSON object.
"""
import array
import fcntl
import json
import os
import random
import socket
import struct
import sys
import termios
import threading
import time

HOST = "127.0.0.1"
PATIENCE = 60
stop = threading.Event()
totals = {"window": 0, "echo": 0, "clients": 0, "resets": 0, "stream": 0, "datagrams": 0, "datagram_bytes": 0, "problems": []}
lock = threading.Lock()


def count(**more):
    with lock:
        for name, value in more.items():
            totals[name] += value


def stream_bytes(start, end):
    """Part of the long stream: each group of 8 bytes contains its own number, so that any part can be reproduced."""
    first = start // 8
    words = array.array("Q", range(first, -(-end // 8)))
    if sys.byteorder == "little":
        words.byteswap()
    return words.tobytes()[start - first * 8:end - first * 8]


def datagram(number):
    """A datagram with a sequence number and a varying length."""
    filler = random.Random(number).randbytes(number * 37 % 1200)
    return struct.pack(">IH", number, len(filler)) + filler


def connected(port):
    peer = socket.create_connection((HOST, port), timeout=PATIENCE)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return peer


def until_closed(peer):
    """Shuts down the write side and waits until the peer has read everything and closes."""
    peer.shutdown(socket.SHUT_WR)
    while peer.recv(65536):
        pass


def received(peer, wanted, slowly=None):
    got = bytearray()
    while len(got) < wanted:
        part = peer.recv(slowly or 65536)
        if not part:
            break
        got += part
        if slowly:
            time.sleep(0.01)
    return bytes(got)


def payload(chance):
    kind = chance.randrange(3)
    if kind == 0:
        return f"temperature={chance.randrange(-400, 1200) / 10} 温度 status=ok\r\n".encode()
    if kind == 1:
        return "设备状态：正常，电压二百二十伏\r\n".encode("gbk") * chance.randrange(1, 5)
    return chance.randbytes(chance.randrange(1, 3000))


def comer(port, seed):
    """Clients that connect, send data in parts, and disconnect."""
    chance = random.Random(seed)
    while not stop.is_set():
        with connected(port) as peer:
            for _ in range(chance.randrange(1, 20)):
                data = payload(chance)
                cut = chance.randrange(len(data))
                for part in (data[:cut], data[cut:]):
                    peer.sendall(part)
                    count(window=len(part))
                    time.sleep(chance.random() * 0.05)
            until_closed(peer)
        count(clients=1)


def streamer(port):
    """One connection for the entire run."""
    with connected(port) as peer:
        totals["stream_peer"] = "%s:%d" % peer.getsockname()
        sent = 0
        while not stop.is_set():
            part = stream_bytes(sent, sent + 65536)
            peer.sendall(part)
            sent += len(part)
            count(window=len(part), stream=len(part))
            time.sleep(0.02)
        until_closed(peer)


def datagrams(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        number = 0
        while not stop.is_set():
            for _ in range(10):
                data = datagram(number)
                peer.sendto(data, (HOST, port))
                number += 1
                count(datagrams=1, datagram_bytes=len(data))
            time.sleep(0.02)


def resetter(port):
    """Clients that reset the connection once the peer's system has received everything they sent."""
    chance = random.Random(7)
    while not stop.is_set():
        with connected(port) as peer:
            data = chance.randbytes(chance.randrange(1, 2000))
            peer.sendall(data)
            count(window=len(data), resets=1)
            deadline = time.monotonic() + PATIENCE
            while struct.unpack("i", fcntl.ioctl(peer, termios.TIOCOUTQ, b"\0" * 4))[0] and time.monotonic() < deadline:
                time.sleep(0.005)
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        time.sleep(0.5)


def asker(port, size, pause, slowly=None):
    """Sends data and compares the echo."""
    chance = random.Random(size)
    while not stop.is_set():
        with connected(port) as peer:
            for _ in range(20):
                data = chance.randbytes(chance.randrange(1, size))
                peer.sendall(data)
                count(echo=len(data))
                if received(peer, len(data), slowly) != data:
                    raise ValueError(f"an echo of {len(data)} bytes differs")
                time.sleep(pause)
                if stop.is_set():
                    break
            until_closed(peer)


def guarded(work, *arguments):
    def run():
        try:
            work(*arguments)
        except Exception as error:  # reported at the end as a breach
            with lock:
                totals["problems"].append(f"{work.__name__}: {error!r}")

    thread = threading.Thread(target=run, name=work.__name__)
    thread.start()
    return thread


def main():
    window, udp, echo = map(int, sys.argv[1:4])
    threads = [guarded(comer, window, seed) for seed in range(4)]
    threads += [guarded(streamer, window), guarded(resetter, window), guarded(datagrams, udp)]
    threads += [guarded(asker, echo, 16384, 0.05), guarded(asker, echo, 300000, 0.5, 4096)]
    while os.read(0, 4096):
        pass
    stop.set()
    for thread in threads:
        thread.join(PATIENCE)
        if thread.is_alive():
            totals["problems"].append(f"{thread.name} did not end")
    print(json.dumps(totals), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
