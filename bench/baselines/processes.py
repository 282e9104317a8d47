"""A pool of processes, each with one unit at a time."""

import multiprocessing
import os

from tqdm import tqdm

from moving import move, read_units

PROCESSES = int(os.environ.get("BENCH_WIDTH", 16))

if __name__ == "__main__":
    units = read_units()
    with multiprocessing.Pool(PROCESSES) as pool:
        for _ in tqdm(pool.imap_unordered(move, units), total=len(units), unit="unit"):
            pass
