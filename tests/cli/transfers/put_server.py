"""An upload server as in tutorials. Arguments: folder, `md5`, `lie` (answers 204 to everything) or `json`, number of clients."""
import hashlib, json, os, socket, struct, sys

folder, form, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(5)
print('%s:%d' % server.getsockname(), flush=True)
for _ in range(count):
    conn, _ = server.accept()
    if form == 'json':
        head = json.loads(conn.recv(1024).decode('utf-8'))
        conn.send(b'200')
    else:
        size = struct.unpack('i', conn.recv(4))[0]
        head = json.loads(conn.recv(size).decode('utf-8'))
    assert head['action'] == 'put', head
    left, md5 = head['filesize'], hashlib.md5()
    with open(os.path.join(folder, head['filename']), 'wb') as f:
        while left:
            data = conn.recv(min(left, 4096))
            if not data:
                break
            f.write(data)
            md5.update(data)
            left -= len(data)
    if form != 'json':
        conn.send(b'OK')
        right = conn.recv(32).decode() == md5.hexdigest()
        conn.send(b'203' if right and form == 'md5' else b'204')
    print(head['filename'], head['filesize'], left, flush=True)
    conn.close()
