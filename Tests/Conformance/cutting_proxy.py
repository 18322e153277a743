"""A way to a server that breaks: connections are cut at random moments, so that requests arrive and answers do not."""

import random
import socket
import threading
import time


class CuttingProxy:
    """Forwards bytes to a port of the loopback address, and cuts each connection some time after a client has sent something."""

    def __init__(self, port, seed, cuts=True, longest=0.05):
        self.target, self.random, self.cuts, self.longest = port, random.Random(seed), cuts, longest
        self.count = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lock, self.open = threading.Lock(), set()
        self.is_open = True
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while self.is_open:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            with self.lock:
                self.open |= {client, server}
            threading.Thread(target=self.pump, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, False), daemon=True).start()

    def pump(self, source, target, is_request):
        requests = 0
        try:
            while data := source.recv(65536):
                target.sendall(data)
                # Not in the handshake, which says nothing of the kind that is tested here.
                requests += is_request
                if is_request and self.cuts and requests > 2 and self.random.random() < 0.2:
                    time.sleep(self.random.uniform(0, self.longest))
                    self.count += 1
                    break
        except OSError:
            pass
        self.close(source, target)

    def close(self, *sockets):
        with self.lock:
            self.open -= set(sockets)
        for each in sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()

    def cut(self):
        """Cuts all connections that there are."""
        with self.lock:
            now = list(self.open)
        self.close(*now)

    def stop(self):
        self.is_open = False
        self.listener.close()
        self.cut()
