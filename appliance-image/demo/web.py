#!/usr/bin/env python3
"""The demo's server on the physical network: web.py ADDRESS PORT DIRECTORY

GET /          a page that says which address asks: the tenant's external address
GET /ip        only that address
GET /blob/N    N MiB that are the same for everyone (sha256sum tells a damaged download)
anything else  a file of DIRECTORY
"""
import functools
import hashlib
import http.server
import sys

MIB = 1 << 20
BLOB_MIB_MAX = 4096


def mebibyte(number):
    """1 MiB of bytes that depend on its place, so that swapped or repeated parts show."""
    return hashlib.shake_128(b"nvgate %d" % number).digest(4096) * (MIB // 4096)


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/":
            self.text("Hello from the physical network. You come from %s.\n" % self.client_address[0])
        elif self.path == "/ip":
            self.text(self.client_address[0] + "\n")
        elif self.path.startswith("/blob/"):
            self.blob(self.path[len("/blob/"):])
        else:
            super().do_GET()

    def text(self, body):
        data = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def blob(self, size):
        if not size.isdecimal() or not 0 < int(size) <= BLOB_MIB_MAX:
            self.send_error(400, "size must be 1..%d MiB" % BLOB_MIB_MAX)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(int(size) * MIB))
        self.end_headers()
        for number in range(int(size)):
            self.wfile.write(mebibyte(number))


def main():
    address, port, directory = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    handler = functools.partial(Handler, directory=directory)
    http.server.ThreadingHTTPServer((address, port), handler).serve_forever()


main()
