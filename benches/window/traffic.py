"""Peers of the window benchmark, each a separate process.

Usage: traffic.py sink                 a plain sink: prints its port, reads 64 KiB at a time and discards for one peer after the other
       traffic.py store FILE           a sink that appends what it reads to a new file, for one peer after the other
       traffic.py send PORT MIB        that much over one TCP stream, then waits until the other side has read and closed; prints seconds
       traffic.py stream PORT          over one TCP stream as fast as it goes, until standard input ends
       traffic.py udp PORT             datagrams as fast as they go, until standard input ends
       traffic.py clients PORT COUNT   that many TCP clients at once; says "ready"; each says 64 bytes in turn, until standard input ends
"""
import os
import resource
import socket
import sys
import threading
import time

HOST = "127.0.0.1"
BLOCK = os.urandom(1 << 20)
over = threading.Event()


def until_input_ends():
    while os.read(0, 4096):
        pass
    over.set()


def connected(port):
    peer = socket.socket()
    peer.settimeout(60)
    peer.connect((HOST, port))
    return peer


def sink():
    with socket.create_server((HOST, 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            peer, _ = listener.accept()
            room = bytearray(65536)
            with peer:
                while peer.recv_into(room):
                    pass


def store(path):
    with socket.create_server((HOST, 0)) as listener, open(path, "wb", buffering=0) as file:
        print(listener.getsockname()[1], flush=True)
        while True:
            peer, _ = listener.accept()
            room = memoryview(bytearray(1 << 20))
            with peer:
                while count := peer.recv_into(room):
                    file.write(room[:count])


def send(port, mib):
    with connected(port) as peer:
        begin = time.perf_counter()
        for _ in range(mib):
            peer.sendall(BLOCK)
        peer.shutdown(socket.SHUT_WR)
        while peer.recv(65536):
            pass
        print(time.perf_counter() - begin, flush=True)


def stream(port):
    with connected(port) as peer:
        while not over.is_set():
            peer.sendall(BLOCK)


def udp(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.connect((HOST, port))
        sent, parts = 0, [BLOCK[at:at + 64] for at in range(0, 65536, 64)]
        while not over.is_set():
            for part in parts:
                try:
                    peer.send(part)
                except OSError:
                    continue
            sent += len(parts)
        print(sent, flush=True)


def clients(port, count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    peers = [connected(port) for _ in range(count)]
    print("ready", flush=True)
    sent = 0
    while not over.is_set():
        for peer in peers:
            # Never the same twice in a row, so that the picture changes.
            at = sent % (len(BLOCK) - 64)
            peer.send(BLOCK[at:at + 64])
            sent += 64
            if over.is_set():
                break
    print(sent, flush=True)
    for peer in peers:
        peer.close()


def main():
    work, values = sys.argv[1], [int(value) if value.isdecimal() else value for value in sys.argv[2:]]
    if work in ("stream", "udp", "clients"):
        threading.Thread(target=until_input_ends, name="input", daemon=True).start()
    {"sink": sink, "store": store, "send": send, "stream": stream, "udp": udp, "clients": clients}[work](*values)


main()
