"""A download server as in tutorials: a name comes, a length, JSON and the file go back. Arguments: folder, encoding of names."""
import hashlib, json, os, socket, struct, sys, threading

folder, encoding = sys.argv[1:3]
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(5)
print('%s:%d' % server.getsockname(), flush=True)


def serve(conn):
    while True:
        name = conn.recv(1024).decode(encoding)
        if not name:
            break
        path = os.path.join(folder, name)
        if not os.path.isfile(path):
            head = json.dumps({}).encode()
            conn.send(struct.pack('i', len(head)))
            conn.send(head)
            continue
        size = os.path.getsize(path)
        with open(path, 'rb') as f:
            md5 = hashlib.md5(f.read()).hexdigest()
        head = json.dumps({'lenth': size, 'md5': md5, 'size(MB)': size / 1024 / 1024}).encode()
        conn.send(struct.pack('i', len(head)))
        conn.send(head)
        with open(path, 'rb') as f:
            while True:
                data = f.read(1024)
                if not data:
                    break
                conn.sendall(data)
    conn.close()


while True:
    conn, _ = server.accept()
    threading.Thread(target=serve, args=(conn,), daemon=True).start()
