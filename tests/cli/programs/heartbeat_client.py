"""A heartbeat client as in tutorials, ten times as fast: sends at an interval, connects again when it is cut off, gives up after ten
attempts. Arguments: host, port."""
import socket, sys, time

attempt = 0
while attempt < 10:
    try:
        s = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=20)
        attempt = 0
        while True:
            s.send(b'ping')
            time.sleep(0.05)
    except OSError:
        attempt += 1
        print('attempt %d' % attempt, flush=True)
        time.sleep(0.1)
print('gave up', flush=True)
