# A client in another language: Python's standard library and docs/CLIENTS.md, nothing else.
# Joins a group, sends messages, is cut off in between, resumes its session, and prints what it was shown.
import socket
import struct
import sys

path, group, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
HELLO, ACK, WELCOME = 1, 2, 3
OPEN, GROUPS, SEND, CLOSE, SUBSCRIBE, REQUEST = 16, 17, 18, 20, 21, 22
OPENED, DONE, FAILED, EVENT, COMPLETE = 32, 33, 34, 35, 36


def text(value):
    raw = value.encode()
    return struct.pack(">H", len(raw)) + raw


def read_text(body, at):
    (size,) = struct.unpack(">H", body[at:at + 2])
    return body[at + 2:at + 2 + size].decode(), at + 2 + size


def headers(named):
    return struct.pack(">I", len(named)) + b"".join(text(name) + text(value) for name, value in named.items())


class Client:
    def __init__(self):
        self.session = bytes(16)
        self.received = 0
        self.said = []
        self.connect()

    def connect(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        hello = struct.pack(">IB", 0x544F5443, 1) + self.session + struct.pack(">Q", self.received)
        self.write(HELLO, hello + text("python") + struct.pack(">I", 0))
        kind, body = self.read()
        if kind != WELCOME:
            sys.exit("no welcome but %d" % kind)
        self.session = body[1:17]
        resumed, has = struct.unpack(">BQ", body[17:26])
        for kind, fields in self.said[has:]:
            self.write(kind, fields)
        return resumed

    def write(self, kind, fields):
        self.socket.sendall(struct.pack(">IB", len(fields) + 1, kind) + fields)

    def say(self, kind, fields):
        self.said.append((kind, fields))
        self.write(kind, fields)

    def exactly(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                sys.exit("the executive has closed the connection")
            data += more
        return data

    def read(self):
        (length,) = struct.unpack(">I", self.exactly(4))
        body = self.exactly(length)
        if body[0] >= 16:
            self.received += 1
        return body[0], body[1:]

    def groups(self, names):
        return struct.pack(">I", len(names)) + b"".join(text(name) for name in names)


def delivery(body):
    sender, guarantee, rep, ring, seq, index = struct.unpack(">IBIQQI", body[5:34])
    at = 34
    (groups,) = struct.unpack(">I", body[at:at + 4])
    at += 4
    for _ in range(groups):
        _, at = read_text(body, at)
    (count,) = struct.unpack(">I", body[at:at + 4])
    at += 4
    named = {}
    for _ in range(count):
        name, at = read_text(body, at)
        named[name], at = read_text(body, at)
    (size,) = struct.unpack(">I", body[at:at + 4])
    said = body[at + 4:at + 4 + size].decode()
    if said != "python %s" % named.get("number"):
        sys.exit("%s has headers %r" % (said, named))
    return (ring, rep, seq, index), said


client = Client()
client.say(OPEN, struct.pack(">IB", 1, 0))
client.say(GROUPS, struct.pack(">IIB", 1, 1, 0) + client.groups([group]))
client.say(SUBSCRIBE, struct.pack(">IIB", 1, 1, 0))
client.say(REQUEST, struct.pack(">IQI", 1, 2**63 - 1, 0))
answered, shown, positions = 0, [], {}
cut = False
for number in range(count):
    message = ("python %d" % number).encode()
    payload = struct.pack(">I", len(message)) + message
    client.say(SEND, struct.pack(">IIBB", 100 + number, 1, 1, 0) + client.groups([])
               + struct.pack(">I", 0) + headers({"number": str(number)}) + payload)
while answered < count or len(shown) < count:
    kind, body = client.read()
    if kind == EVENT and body[4] == 1:
        shown.append(delivery(body))
    elif kind == DONE and struct.unpack(">I", body[:4])[0] >= 100:
        answered += 1
        rep, ring, seq, index = struct.unpack(">IQQI", body[5:29])
        positions[struct.unpack(">I", body[:4])[0] - 100] = (ring, rep, seq, index)
    elif kind == FAILED:
        sys.exit("failed: %r" % body)
    if not cut and answered > count // 3:
        cut = True
        client.socket.close()
        if client.connect() != 1:
            sys.exit("the session was not resumed")
if shown != sorted(shown):
    sys.exit("not in order")
for number in range(count):
    if (positions[number], "python %d" % number) not in shown:
        sys.exit("message %d was confirmed elsewhere than it was shown" % number)
print("%d shown, %d confirmed, resumed once" % (len(shown), answered))
