"""Stands between the service and PostgreSQL, and makes the n-th call fail."""

import os
import select
import socket
import struct
import tempfile
import threading

# What follows the n-th statement's Bind in its stead: a statement that fails in this way.
FAILING = "do $$ begin raise exception 'the disk is full' using errcode = '%s'; end $$"


class Proxy:
    """Counts messages from the moment it is armed, over all connections.

    `mode` is "question": the n-th message to the server is not passed on, and the connection is
    cut; "answer": the n-th message from the server; or an SQLSTATE, with which the n-th statement
    that is executed fails.
    """

    def __init__(self, cluster):
        self.server = cluster.folder + "/.s.PGSQL.5432"
        self.folder = tempfile.mkdtemp(prefix="rowan-proxy.")
        os.chmod(self.folder, 0o755)
        self.lock = threading.Lock()
        self.mode, self.left, self.fired, self.open = None, 0, False, 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.folder + "/.s.PGSQL.5432")
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def arm(self, mode, n):
        with self.lock:
            self.mode, self.left, self.fired = mode, n, False

    def disarm(self):
        """Whether it has fired."""
        with self.lock:
            self.mode = None
            return self.fired

    def is_due(self, mode):
        """Counts one; whether it is the n-th."""
        with self.lock:
            if self.mode != mode or self.fired:
                return False
            self.left -= 1
            self.fired = self.left == 0
            return self.fired

    def close(self):
        self.listener.close()
        os.unlink(self.folder + "/.s.PGSQL.5432")
        os.rmdir(self.folder)

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        server = socket.socket(socket.AF_UNIX)
        self.count(1)
        try:
            server.connect(self.server)
            self.greet(client, server)
            held = {client: b"", server: b""}
            while True:
                for source in select.select([client, server], [], [])[0]:
                    data = source.recv(1 << 18)
                    if not data:
                        return
                    target = server if source is client else client
                    held[source] = self.pass_on(held[source] + data, source is client, target)
        except (OSError, Cut):
            pass
        finally:
            server.close()
            self.count(-1)
            client.close()

    def count(self, change):
        """How many connections are open: the service learns that one is cut only after this."""
        with self.lock:
            self.open += change

    def greet(self, client, server):
        """The first message has no type; those that ask for encryption are refused."""
        while True:
            head = client.recv(8, socket.MSG_WAITALL)
            if len(head) < 8:
                raise Cut
            length, code = struct.unpack(">ii", head)
            if code in (80877103, 80877104):
                client.sendall(b"N")
                continue
            server.sendall(head + client.recv(length - 8, socket.MSG_WAITALL))
            return

    def pass_on(self, data, is_question, target):
        """Whole messages go on; what is left is given back."""
        out = b""
        while len(data) >= 5:
            length = 1 + struct.unpack(">i", data[1:5])[0]
            if len(data) < length:
                break
            message, data = data[:length], data[length:]
            if self.is_due("question" if is_question else "answer"):
                target.sendall(out)
                raise Cut
            if is_question and message[:1] == b"B" and self.is_statement():
                message = self.failing()
            out += message
        if out:
            target.sendall(out)
        return data

    def is_statement(self):
        mode = self.mode
        return mode not in (None, "question", "answer") and self.is_due(mode)

    def failing(self):
        sql = (FAILING % self.mode).encode()
        return message(b"P", b"\0" + sql + b"\0\0\0") + message(b"B", b"\0\0" + b"\0" * 6)


class Cut(Exception):
    pass


def message(kind, body):
    return kind + struct.pack(">i", len(body) + 4) + body
