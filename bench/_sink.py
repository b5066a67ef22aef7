"""A mail server that takes everything and keeps nothing, in a process of its own: `python -m bench._sink` prints its
port and ends when its standard input does."""

from __future__ import annotations

import socketserver
import sys
import threading

ANSWERS = {b"EHLO": b"250 sink\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
YES = b"250 yes\r\n"


class Line(socketserver.StreamRequestHandler):
    wbufsize = -1

    def handle(self) -> None:
        self._say(b"220 sink\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            self._say(ANSWERS.get(verb, YES))
            if verb == b"DATA":
                self._swallow()
                self._say(YES)
            elif verb == b"QUIT":
                return

    def _say(self, answer: bytes) -> None:
        self.wfile.write(answer)
        self.wfile.flush()

    def _swallow(self) -> None:
        while self.rfile.readline() not in (b".\r\n", b""):
            pass


def main() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line) as server:
        print(server.server_address[1], flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()
        server.shutdown()


if __name__ == "__main__":
    main()
