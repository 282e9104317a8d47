"""Makes bzip2 blobs of three kinds, and decodes them with libbz2 through the bz2 module.

`libbz2.py generate FOLDER` writes the same blobs everywhere; `libbz2.py decode FOLDER` prints for each kind the decoded
MB per second of user CPU. A blob is kept with its length, four bytes little-endian, before it.
"""
import bz2
import json
import os
import random
import resource
import struct
import sys

task, folder = sys.argv[1:]
kinds = ['blobs', 'large', 'random']
numbers = random.Random(7)
letters = 'abcdefghijklmnopqrstuvwxyz'
words = [''.join(numbers.choice(letters) for _ in range(numbers.randint(3, 9))) for _ in range(400)]
piece_bytes = 65536


def write(kind, contents):
    with open(os.path.join(folder, kind), 'wb') as file:
        for content in contents:
            blob = bz2.compress(content)
            file.write(struct.pack('<I', len(blob)) + blob)


def logs(length):
    lines, total, time = [], 0, 1700000000
    while total < length:
        time += numbers.random()
        line = json.dumps({
            'ts': round(time, 3),
            'level': numbers.choice(['INFO', 'INFO', 'INFO', 'WARN', 'ERROR']),
            'service': numbers.choice(words[:12]),
            'host': 'node-%d' % numbers.randint(1, 40),
            'trace': '%016x' % numbers.getrandbits(64),
            'msg': 'request %s %s %s' % (numbers.choice(words), numbers.choice(words), numbers.choice(words)),
            'status': numbers.choice([200, 200, 200, 404, 500]),
            'ms': numbers.randint(1, 900),
        }) + '\n'
        lines.append(line)
        total += len(line)
    return ''.join(lines).encode()


def generate():
    write('blobs', (logs(numbers.randint(35000, 95000)) for _ in range(600)))
    write('large', [logs(40000000)])
    write('random', [numbers.randbytes(10000000)])


def decode(data):
    decoded, at = 0, 0
    while at < len(data):
        end = at + 4 + struct.unpack_from('<I', data, at)[0]
        decoder = bz2.BZ2Decompressor()
        for piece in range(at + 4, end, piece_bytes):
            decoded += len(decoder.decompress(data[piece:min(piece + piece_bytes, end)]))
        at = end
    return decoded


if task == 'generate':
    generate()
else:
    for kind in kinds:
        with open(os.path.join(folder, kind), 'rb') as file:
            data = file.read()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        decoded = decode(data)
        print(decoded / (resource.getrusage(resource.RUSAGE_SELF).ru_utime - before) / 1e6)
