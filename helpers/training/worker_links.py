"""How workers talk before TensorFlow does: connections that carry dicts, a line of JSON each."""

import errno
import json
import socket

from helpers.training.run_folder import TrainingError

ANSWER_SECONDS = 10  # until somebody must have answered
LONGEST_LINE = 100_000  # characters of what one says to another
SILENCE = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3}  # seconds, seconds, times


class Link:
    """A connection to another worker that carries dicts, one a line."""

    def __init__(self, connection):
        self._connection = connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in SILENCE.items():  # a machine without power closes nothing
            if hasattr(socket, name):
                connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        self._lines = connection.makefile("r", encoding="utf-8")

    def say(self, words):
        self._connection.sendall(json.dumps(words).encode() + b"\n")

    def hear(self, wait=ANSWER_SECONDS):
        """The next dict. Raises: OSError where the connection is gone, ValueError for no dict."""
        self._connection.settimeout(wait)
        line = self._lines.readline(LONGEST_LINE)
        if not line:
            raise ConnectionResetError(errno.ECONNRESET, "the connection is closed")
        words = json.loads(line)
        if not isinstance(words, dict):
            raise ValueError("these are no words of a worker")
        return words

    def close(self):
        self._connection.close()


def server_at(address):
    host, port = host_and_port(address)
    try:
        return socket.create_server((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            told = f"The port {port} of this machine is taken by another program"
        else:
            told = f"{address} can't be an address of this machine ({error.strerror})"
        raise TrainingError(f"{told}. Write another into TF_CONFIG, on all machines.") from error


def host_and_port(address):
    host, colon, port = address.rpartition(":")
    if not (host and colon and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"{address!r} is no host:port")
    return host, int(port)
