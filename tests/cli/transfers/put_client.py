"""An upload client as in tutorials. Arguments: host, port, path, name, `md5`, `wrong` (sends a wrong MD5), `json`, `half` (dies in
the middle)."""
import hashlib, json, os, socket, struct, sys

host, port, path, name, form = sys.argv[1:6]
s = socket.socket()
s.connect((host, int(port)))
with open(path, 'rb') as f:
    content = f.read()
head = json.dumps({'action': 'put', 'filename': name, 'filesize': len(content)}).encode('utf-8')
if form == 'json':
    s.send(head)
    print(s.recv(1024).decode(), flush=True)
    s.sendall(content)
    s.close()
    sys.exit()
s.send(struct.pack('i', len(head)))
s.send(head)
if form == 'half':
    s.sendall(content[:len(content) // 2])
    print('half', flush=True)
    sys.stdin.read()
    os._exit(0)
s.sendall(content)
print(s.recv(1024).decode(), flush=True)
md5 = hashlib.md5(content + (b'x' if form == 'wrong' else b'')).hexdigest()
s.send(md5.encode('utf-8'))
print(s.recv(1024).decode(), flush=True)
s.close()
