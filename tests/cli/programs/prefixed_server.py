"""Messages with a length in front, as `struct.pack('i', n)`: sends each back and in capitals, both in one `send`. Serves one client."""
import socket, struct

listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
peer, _ = listener.accept()
stream = peer.makefile('rb')
while head := stream.read(4):
    message = stream.read(struct.unpack('i', head)[0])
    capitals = message.decode().upper().encode()
    peer.sendall(b''.join(struct.pack('i', len(one)) + one for one in (message, capitals)))
