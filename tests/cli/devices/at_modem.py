"""A modem with AT commands over TCP: echo, final results, unsolicited codes. Arguments: how many bytes a `send` has at most. Prints its
port, serves one client."""
import re, socket, sys, time

piece = int(sys.argv[1])
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
peer, _ = server.accept()
peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
echo, pin, data = True, False, b""


def say(text):
    for begin in range(0, len(text), piece):
        peer.sendall(text[begin:begin + piece].encode())


def carry_out(command):
    """The lines of information, and the final result."""
    global echo, pin
    if command == "AT":
        return [], "OK"
    if match := re.fullmatch("ATE([01])", command):
        echo = match[1] == "1"
        return [], "OK"
    if command == "ATI":
        return ["Bench Modem", "Revision 1.0"], "OK"
    if command == "AT+CSQ":
        return ["+CSQ: 21,99"], "OK"
    if command == "AT+CPIN?":
        return ["+CPIN: READY" if pin else "+CPIN: SIM PIN"], "OK"
    if match := re.fullmatch('AT\\+CPIN="(\\d{4})"', command):
        pin = match[1] == "1234"
        return [], "OK" if pin else "+CME ERROR: 16"
    if re.fullmatch(r"ATD\d+;", command):
        return [], "OK"
    return [], "ERROR"


while part := peer.recv(1024):
    data += part
    while b"\r" in data:
        line, data = data.split(b"\r", 1)
        command = line.decode().strip()
        if echo:
            say(line.decode() + "\r")
        lines, result = carry_out(command)
        for text in [*lines, result]:
            say("\r\n" + text + "\r\n")
        if command.startswith("ATD"):
            time.sleep(0.03)
            say("\r\nBUSY\r\n")
