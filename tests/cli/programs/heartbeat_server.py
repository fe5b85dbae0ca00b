"""Reads some beats, prints each, and ends. Arguments: address, port (0: any), how many."""
import socket, sys

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind((sys.argv[1], int(sys.argv[2])))
listener.listen(1)
print('%s:%d' % listener.getsockname(), flush=True)
peer, _ = listener.accept()
listener.close()
for _ in range(int(sys.argv[3])):
    beat = b''
    while len(beat) < 6:
        beat += peer.recv(6 - len(beat))
    print(beat.decode(), flush=True)
peer.close()
