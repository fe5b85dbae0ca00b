"""Takes screenshots of the real window for the documentation: every mode, theme and language, with real traffic.

Usage: screenshots.py BINARY FOLDER [NAME_PART]   only pictures whose name contains NAME_PART
"""
import os
import socket
import sys
import tempfile
import threading
import time

from desktop import Desktop, inside_desktop

inside_desktop()
binary, folder = sys.argv[1:3]
only = sys.argv[3] if len(sys.argv) > 3 else ""
desktop = Desktop()

WORDS = {
    "zh-CN": {"stop": "停止监听", "disconnect": "断开", "close": "关闭", "dump": "对照", "hex": "HEX", "encoding": "字符编码",
              "content": "发送内容", "send": "发送", "framing": "数据分包", "struct": "4 字节长度头 (struct 'i')",
              "custom": "自定义…", "more": "更多", "plots": "速率与应答时间"},
    "en": {"stop": "Stop listening", "disconnect": "Disconnect", "close": "Close", "dump": "Dump", "hex": "Hex",
           "encoding": "Encoding", "content": "Send content", "send": "Send", "framing": "Framing",
           "struct": "4-byte length (struct 'i')", "custom": "Custom…", "more": "More", "plots": "Rates and response times"},
}


def window(theme, lang, *arguments):
    data = tempfile.mkdtemp(prefix="wirebench-pictures-")
    return desktop.start(binary, "gui", "--data-dir", data, "--lang", lang, "--theme", theme, "--size", "1280x800",
                         *arguments)


def keep(name):
    # Move the pointer away: no hover, no tooltip.
    desktop.park()
    time.sleep(0.8)
    desktop.picture(os.path.join(folder, name + ".png"))
    print(name)


def close(process):
    process.terminate()
    process.wait()
    time.sleep(0.5)


def server(theme, lang, name):
    words = WORDS[lang]
    process = window(theme, lang, "--listen", "tcp://127.0.0.1:8080")
    desktop.find(words["stop"], "push button")
    modbus = bytes.fromhex("01031400e7012c000003e8ffff0bb800640000123400ff083a")
    with socket.create_connection(("127.0.0.1", 8080)) as one, socket.create_connection(("127.0.0.1", 8080)) as two:
        desktop.choose(words["encoding"], "GBK")
        one.sendall(modbus)
        time.sleep(0.3)
        two.sendall("你好，这里是 2 号采集器\r\n".encode("gbk"))
        time.sleep(0.3)
        two.sendall("温度=23.5℃ 湿度=48%\r\n".encode("gbk"))
        time.sleep(0.3)
        two.sendall(b'{"id":2,"t":23.5}')
        time.sleep(0.3)
        desktop.click(words["content"])
        desktop.type("PING")
        desktop.click(words["send"], "push button")
        time.sleep(0.3)
        one.sendall(bytes.fromhex("01060020000149c1"))
        time.sleep(0.3)
        two.sendall("状态".encode("gbk") + b"\xff\xff" + "正常\r\n".encode("gbk"))
        desktop.click(words["dump"])
        keep(name)
    close(process)


def crc_16_modbus(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return data + crc.to_bytes(2, "little")


def frames(theme, lang, name):
    """Frames separated by gaps with verified CRC, one of them wrong; plots open."""
    words = WORDS[lang]
    process = window(theme, lang, "--listen", "tcp://127.0.0.1:8080")
    desktop.find(words["stop"], "push button")
    with socket.create_connection(("127.0.0.1", 8080)) as device:
        time.sleep(0.3)
        desktop.choose(words["framing"], "Modbus RTU")
        desktop.click(words["dump"])
        desktop.choose(words["more"], words["plots"])
        for number in range(7):
            frame = crc_16_modbus(bytes([1, 3, 4]) + (1102839808 + number).to_bytes(4, "big"))
            device.sendall(frame if number != 4 else frame[:-1] + b"\x00")
            time.sleep(0.15)
        keep(name)
    close(process)


def rules(theme, lang, name):
    """The rule editor with sticky packets."""
    words = WORDS[lang]
    process = window(theme, lang, "--listen", "tcp://127.0.0.1:8080")
    desktop.find(words["stop"], "push button")
    with socket.create_connection(("127.0.0.1", 8080)) as peer:
        parts = ["Hello".encode(), "Welcome".encode(), "你好".encode("gbk"), b'{"id":2,"t":23.5}']
        peer.sendall(b"".join(len(part).to_bytes(4, "little") + part for part in parts) + b"\x09\0\0\0unf")
        time.sleep(0.5)
        desktop.choose(words["encoding"], "GBK")
        desktop.choose(words["framing"], words["struct"])
        desktop.choose(words["framing"], words["custom"])
        keep(name)
    close(process)


def client(theme, lang, name):
    words = WORDS[lang]
    listener = socket.create_server(("127.0.0.1", 5025))
    answers = {b"*IDN?\n": b"RIGOL TECHNOLOGIES,DM3068,DM3O1A0001,01.01.00.01.02\n", b"MEAS?\n": b"+4.99871350E+00\n",
               b"SYST:ERR?\n": b'0,"No error"\n'}

    def device():
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(1024):
                connection.sendall(answers.get(data, b"4.2\xb0\n"))

    thread = threading.Thread(target=device, name="device", daemon=True)
    thread.start()
    process = window(theme, lang, "--connect", "tcp://127.0.0.1:5025")
    desktop.find(words["disconnect"], "push button")
    wrap, tail = ("封装", "尾") if lang == "zh-CN" else ("Wrap", "Tail")
    desktop.click(wrap, "push button")
    desktop.choose(tail, "LF")
    desktop.click(wrap, "push button")
    for question in ("*IDN?", "MEAS?", "SYST:ERR?", "MEAS?", "TEMP?"):
        desktop.fill(words["content"], question)
        desktop.click(words["send"], "push button")
        time.sleep(0.3)
    keep(name)
    close(process)
    listener.close()


def udp(theme, lang, name):
    words = WORDS[lang]
    process = window(theme, lang, "--listen", "udp://127.0.0.1:9000")
    desktop.find(words["close"], "push button")
    desktop.click(words["hex"])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as two:
        for number in range(4):
            one.sendto(b"\xaa\x55\x10" + number.to_bytes(2, "big") + bytes(range(number * 7, number * 7 + 11)), ("127.0.0.1", 9000))
            time.sleep(0.25)
            two.sendto(b"" if number == 2 else f"beat {number}".encode(), ("127.0.0.1", 9000))
            time.sleep(0.25)
        desktop.fill(words["content"], "ack")
        desktop.click(words["send"], "push button")
        time.sleep(0.3)
        keep(name)
    close(process)


def demo(theme, lang, name):
    process = window(theme, lang, "--demo")
    time.sleep(6)
    keep(name)
    close(process)


def empty(theme, lang, name):
    process = window(theme, lang)
    desktop.find("开始监听" if lang == "zh-CN" else "Listen", "push button")
    keep(name)
    close(process)


try:
    os.makedirs(folder, exist_ok=True)
    for scene in (server, frames, rules, client, udp, demo, empty):
        for theme in ("light", "dark"):
            for lang in ("zh-CN", "en"):
                name = f"{scene.__name__}-{theme}-{lang[:2]}"
                if only in name:
                    scene(theme, lang, name)
finally:
    desktop.end()
