"""One unit after the other."""

from tqdm import tqdm

from moving import move, read_units

for unit in tqdm(read_units()):
    move(unit)
