"""A power supply that speaks SCPI, a thread for each client. Arguments: how many bytes a `send` has at most. Prints its port."""
import re, socket, sys, threading

piece = int(sys.argv[1])
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
volt, is_on, errors = 0.0, False, []


def answer(command):
    global volt, is_on
    upper = command.upper()
    if upper == "*IDN?":
        return "Bench Instruments,PSU-30,0042,1.7"
    if upper == "*RST":
        volt, is_on = 0.0, False
        return None
    if upper == "*OPC?":
        return "1"
    if upper == "SYST:ERR?":
        return errors.pop(0) if errors else '0,"No error"'
    if upper == "VOLT?":
        return "%.3f" % volt
    if upper == "MEAS:VOLT?":
        return "%.3f" % (volt if is_on else 0)
    if upper == "OUTP?":
        return str(int(is_on))
    if match := re.fullmatch(r"OUTP (ON|OFF|1|0)", upper):
        is_on = match[1] in ("ON", "1")
        return None
    if match := re.fullmatch(r"VOLT ([0-9.]+)", upper):
        if float(match[1]) > 30:
            errors.append('-222,"Data out of range"')
        else:
            volt = float(match[1])
        return None
    errors.append('-113,"Undefined header"')
    return None


def serve(peer):
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for line in peer.makefile("r", newline="\n"):
        text = answer(line.strip())
        data = b"" if text is None else text.encode() + b"\n"
        for begin in range(0, len(data), piece):
            peer.sendall(data[begin:begin + piece])
    peer.close()


while True:
    peer, _ = server.accept()
    threading.Thread(target=serve, args=(peer,), daemon=True).start()
