"""Compresses frames with the bzip2 of Python's standard library, until standard input ends.

Request: number of streams, then per stream its length and its plain bytes. Reply, in the order of the requests: length
and bytes of the bzip2 streams back to back. Numbers are 32 bits, big-endian.
"""

import bz2
import struct
import sys

NUMBER = struct.Struct(">I")


def read_exactly(source, length):
    data = source.read(length)
    if len(data) != length:
        raise EOFError("the input ended inside a frame: %d of %d bytes" % (len(data), length))
    return data


def read_number(source):
    return NUMBER.unpack(read_exactly(source, NUMBER.size))[0]


def main():
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while True:
        head = source.read(NUMBER.size)
        if not head:
            return
        streams = (read_exactly(source, read_number(source)) for _ in range(NUMBER.unpack(head)[0]))
        reply = b"".join(bz2.compress(stream) for stream in streams)
        target.write(NUMBER.pack(len(reply)) + reply)
        target.flush()


main()
