"""The three basic tasks in the real window, by mouse and keyboard: start a listener, view received data in hex and
send text back; then connect to a device and exchange data.

Usage: used_by.py BINARY DATA_DIR PICTURE_DIR
"""
import os
import resource
import socket
import sys
import threading

from desktop import Desktop, inside_desktop
from peer import free_port, receive

inside_desktop()
binary, data_dir, pictures = sys.argv[1:4]
desktop = Desktop()


def listen_and_inspect():
    port = free_port()
    desktop.find("Local port")
    desktop.fill("Local port", str(port))
    desktop.click("Listen", "push button")
    desktop.find("Stop listening", "push button")
    with socket.create_connection(("127.0.0.1", port), timeout=15) as device:
        device.sendall("你好".encode())
        desktop.find("你好", part=True)
        desktop.click("Hex")
        desktop.find("E4 BD A0 E5 A5 BD", part=True)
        desktop.click("Send content")
        desktop.type("hello device")
        desktop.click("Send", "push button")
        got = receive(device, 12)
        assert got == b"hello device", got
        desktop.find("68 65 6C 6C 6F 20 64 65 76 69 63 65", part=True)
        desktop.picture(os.path.join(pictures, "window-listen-hex.png"))
    desktop.click("Stop listening", "push button")
    desktop.find("Listen", "push button")


def may_have_many_clients():
    assert resource.prlimit(window.pid, resource.RLIMIT_NOFILE) == (hard, hard)


def connect_and_send():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(20)
        answers = []

        def serve():
            connection, _ = server.accept()
            with connection:
                got = receive(connection, 5)
                answers.append(got)
                connection.sendall(got.upper())
                receive(connection, 1)

        thread = threading.Thread(target=serve, name="device")
        thread.start()
        desktop.click("New session")
        desktop.choose("Protocol", "TCP client")
        desktop.fill("Remote address", "127.0.0.1")
        desktop.fill("Remote port", str(server.getsockname()[1]))
        desktop.click("Connect", "push button")
        desktop.find("Disconnect", "push button")
        desktop.click("Text")
        desktop.click("Send content")
        desktop.type("ping!")
        desktop.key("ctrl+Return")
        desktop.find("PING!", part=True)
        desktop.picture(os.path.join(pictures, "window-connect-text.png"))
        desktop.click("Disconnect", "push button")
        desktop.find("Connect", "push button")
        thread.join(20)
        assert answers == [b"ping!"], answers


# Desktops start programs with fewer descriptors than a server with many clients needs, unless it raises the limit.
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
try:
    window = desktop.start(binary, "gui", "--data-dir", data_dir, "--lang", "en", "--theme", "light", "--size", "1280x800")
    listen_and_inspect()
    may_have_many_clients()
    connect_and_send()
    print("window: listened, inspected in hex, sent, connected")
finally:
    desktop.end()
