"""A remote command client as in tutorials: prints each output. Arguments: host, port, `length` or `decimal`, commands."""
import socket, struct, sys

host, port, form = sys.argv[1:4]
s = socket.socket()
s.connect((host, int(port)))
for command in sys.argv[4:]:
    s.send(command.encode('utf-8'))
    if form == 'length':
        size = struct.unpack('i', s.recv(4))[0]
    else:
        size = int(s.recv(1024).decode())
    output = b''
    while len(output) < size:
        output += s.recv(1024)
    print(size, output.decode('utf-8'), flush=True)
s.close()
