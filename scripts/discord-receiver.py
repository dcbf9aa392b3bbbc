#!/usr/bin/env python3
"""A loopback receiver that answers as Discord's webhooks do, for the demo and for tests.

    discord-receiver.py CALLS [CERTIFICATE]

Prints its port and writes each call as a line of JSON into the file CALLS. It knows the messages it took: an edit of another is 404, an
embed beyond Discord's limits is 400. With CERTIFICATE, a file of a key and a certificate, it speaks TLS. While the file CALLS.mood exists, calls are answered as its one line says: `429 SECONDS`, `503`, `drop`.
"""
import json
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LIMITS = {"title": 256, "description": 4096}
lock = threading.Lock()
messages = {}


def units(text):
    return len(text.encode("utf-16-le")) // 2


def fault(body):
    """The name of a field that Discord would refuse; None for a body that it takes."""
    embeds = body.get("embeds", [])
    if not body.get("content") and not embeds:
        return "content"
    if units(body.get("content") or "") > 2000 or len(embeds) > 10:
        return "content"
    total = 0
    for embed in embeds:
        for name, limit in LIMITS.items():
            if units(embed.get(name) or "") > limit:
                return f"embeds.{name}"
        fields = embed.get("fields", [])
        texts = [field["name"] for field in fields] + [field["value"] for field in fields]
        if len(fields) > 25 or not all(texts) or any(units(field["name"]) > 256 or units(field["value"]) > 1024 for field in fields):
            return "embeds.fields"
        total += sum(map(units, texts + [embed.get("title") or "", embed.get("description") or "", (embed.get("footer") or {}).get("text", "")]))
    return "embeds" if total > 6000 else None


class Receiver(BaseHTTPRequestHandler):
    def answer(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        with lock:
            status, reply, headers = self.decide(body)
            with open(sys.argv[1], "a", encoding="utf-8") as log:
                log.write(json.dumps({"method": self.command, "path": self.path, "status": status, "at": time.time(), "body": body}) + "\n")
        if status == 0:
            self.close_connection = True
            return
        data = json.dumps(reply).encode() if reply is not None else b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_POST = answer
    do_PATCH = answer

    def decide(self, body):
        try:
            with open(sys.argv[1] + ".mood", encoding="utf-8") as file:
                mood = file.read().split()
        except FileNotFoundError:
            mood = []
        if mood[:1] == ["429"]:
            seconds = float(mood[1])
            reply = {"message": "You are being rate limited.", "retry_after": seconds, "global": False}
            return 429, reply, {"Retry-After": str(int(seconds) + 1)}
        if mood[:1] == ["503"]:
            return 503, {"message": "Service Unavailable"}, {}
        if mood[:1] == ["drop"]:
            return 0, None, {}
        place = fault(body)
        if place:
            return 400, {"code": 50035, "message": "Invalid Form Body", "errors": {place: {"_errors": [{"message": "Bad"}]}}}, {}
        if self.command == "PATCH":
            identifier = self.path.split("?")[0].rsplit("/", 1)[-1]
            if identifier not in messages:
                return 404, {"message": "Unknown Message", "code": 10008}, {}
        else:
            identifier = str(900000000000000000 + len(messages) + 1)
        messages[identifier] = body
        wanted = self.command == "PATCH" or "wait=true" in self.path
        return (200, {"id": identifier}, {}) if wanted else (204, None, {})

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2])
    # Shaking hands is for the thread of the connection: a client that refuses must not hold up the others.
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(server.server_port, flush=True)
server.serve_forever()
