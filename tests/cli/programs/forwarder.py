"""A forwarder as in tutorials: connects to a target for its client, pumps both ways, prints both. Arguments: host and port of the target."""
import socket, sys, threading

listener = socket.create_server(('127.0.0.1', 0))
print('%s:%d' % listener.getsockname(), flush=True)
client, _ = listener.accept()
target = socket.create_connection((sys.argv[1], int(sys.argv[2])))


def pump(source, sink, sign):
    while data := source.recv(1024):
        print(sign, data.decode(), flush=True)
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)


back = threading.Thread(target=pump, args=(target, client, '<'))
back.start()
pump(client, target, '>')
back.join()
