"""Runs a program on a new terminal, of 120 columns and 40 rows unless `--size COLUMNS ROWS` comes first.

Copies what it shows to standard output, and exits with its status. Each line `COLUMNS ROWS` on standard input changes
the size of the terminal.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios

arguments = sys.argv[1:]
columns, rows = 120, 40
if arguments[0] == "--size":
    columns, rows = int(arguments[1]), int(arguments[2])
    arguments = arguments[3:]


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


mine, its = pty.openpty()
resize(its, columns, rows)
program = subprocess.Popen(arguments, stdin=its, stdout=its, stderr=its)
os.close(its)
commands = sys.stdin.fileno()
watched = [mine, commands]
while True:
    ready, _, _ = select.select(watched, [], [])
    if commands in ready:
        line = os.read(commands, 4096).decode()
        if line == "":
            watched.remove(commands)
        for sizes in line.splitlines():
            resize(mine, *map(int, sizes.split()))
            # It is not the terminal that controls the program, which would tell it by itself.
            program.send_signal(signal.SIGWINCH)
    if mine in ready:
        try:
            shown = os.read(mine, 65536)
        except OSError:
            # This is how Linux says that the program has closed the terminal.
            break
        if not shown:
            break
        sys.stdout.buffer.write(shown)
        sys.stdout.buffer.flush()
sys.exit(program.wait())
