"""A queue of units, threads that empty it, and a progress bar.

Use it if your copy ends within the hour and needs no proof. It keeps no record: after a crash it begins again.
"""

import os
import queue
import sys
import threading

from tqdm import tqdm

from moving import azure, move, read_units, s3

THREADS = int(os.environ.get("BENCH_WIDTH", 32))

units = queue.Queue()
failed = []


def work() -> None:
    while True:
        try:
            unit = units.get_nowait()
        except queue.Empty:
            return
        try:
            move(unit)
        except Exception as error:
            failed.append(f"{unit['unit_id']}: {error}")
        bar.update()


for unit in read_units():
    units.put(unit)
# Clients are made once, before the threads need them.
s3()
for account in ("eu", "us", "ap"):
    azure(account)
with tqdm(total=units.qsize(), unit="unit") as bar:
    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
if failed:
    sys.exit("\n".join(failed))
