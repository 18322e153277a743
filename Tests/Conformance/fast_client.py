"""A client that keeps its connection: for tests that count requests in thousands."""

import http.client
import json
import ssl

CONTEXT = ssl._create_unverified_context()


class FastClient:
    """One connection to a server. Whatever goes wrong with it is an `OSError` or an `http.client.HTTPException`."""

    def __init__(self, server, token=None, timeout=30):
        authorization = f"Bearer {token}" if token else server.basic
        self.headers = {"Authorization": authorization, "Content-Type": "application/json"}
        self.connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=CONTEXT, timeout=timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def request(self, method, path, body=None):
        """The status, and the JSON of the whole answer."""
        data = None if body is None else json.dumps(body)
        self.connection.request(method, "/api/v3" + path, data, self.headers)
        reply = self.connection.getresponse()
        text = reply.read()
        return reply.status, json.loads(text) if text else None

    def get(self, path):
        status, value = self.request("GET", path)
        assert status == 200, (path, status, value)
        return value
