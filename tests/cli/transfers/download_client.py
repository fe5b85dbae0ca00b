"""A download client as in tutorials: prints what became of each name. Arguments: host, port, folder, names."""
import hashlib, json, os, socket, struct, sys

host, port, folder = sys.argv[1:4]
s = socket.socket()
s.connect((host, int(port)))
for name in sys.argv[4:]:
    s.send(name.encode('utf-8'))
    size = struct.unpack('i', s.recv(4))[0]
    head = json.loads(s.recv(size).decode('utf-8'))
    if not head:
        print(name, 'missing', flush=True)
        continue
    got, md5 = 0, hashlib.md5()
    with open(os.path.join(folder, os.path.basename(name)), 'wb') as f:
        while got < head['lenth']:
            data = s.recv(min(1024, head['lenth'] - got))
            if not data:
                break
            f.write(data)
            md5.update(data)
            got += len(data)
    print(name, got, 'right' if md5.hexdigest() == head['md5'] else 'wrong', '%.1f' % head['size(MB)'], flush=True)
s.close()
