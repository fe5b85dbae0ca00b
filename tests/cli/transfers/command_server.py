"""A remote command server as in tutorials, which answers from a table instead of a shell. Arguments: `length` or `decimal`, encoding."""
import socket, struct, sys, time

form, encoding = sys.argv[1:3]
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(5)
print('%s:%d' % server.getsockname(), flush=True)
conn, _ = server.accept()
while True:
    command = conn.recv(1024).decode(encoding)
    if not command or command == 'exit':
        break
    output = {'ver': '版本 1\n', 'long': '行 123\n' * 50000, 'none': ''}.get(command, '未知命令：' + command).encode(encoding)
    if form == 'length':
        conn.send(struct.pack('i', len(output)))
    else:
        conn.send(str(len(output)).encode())
        time.sleep(0.1)
    conn.sendall(output)
conn.close()
