"""Ports and reads for the peers of the window."""
import socket


def free_port():
    """Returns a TCP port of 127.0.0.1 that no program uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def receive(connection, count, patience=15):
    """Receives `count` bytes, or fewer if the peer closes. Raises TimeoutError if nothing comes for `patience` seconds."""
    connection.settimeout(patience)
    gathered = b""
    while len(gathered) < count:
        more = connection.recv(count - len(gathered))
        if not more:
            break
        gathered += more
    return gathered
