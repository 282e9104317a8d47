"""Runs a program on a new terminal of 120 columns and 40 rows.

Copies what it shows to standard output, and exits with its status.
"""

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

mine, its = pty.openpty()
fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
program = subprocess.Popen(sys.argv[1:], stdin=its, stdout=its, stderr=its)
os.close(its)
while True:
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
