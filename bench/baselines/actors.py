"""Actors that extract, transform and load: rows of three, each of which has one unit after the other.

The actors are kept. With three new ones for each unit, as in the first program of this kind, starting processes takes
most of the time.
"""

import os
import sys

from thespian.actors import Actor, ActorExitRequest, ActorSystem
from tqdm import tqdm

from moving import combine, download, find, read_units, upload

ROWS = int(os.environ.get("BENCH_WIDTH", 8))


class Extract(Actor):
    """Finds and downloads the blobs of a unit, and hands them on."""

    def receiveMessage(self, message, sender):
        if isinstance(message, ActorExitRequest):
            return
        if "next" in message:
            self.next, self.asker = message["next"], sender
            return
        message["bodies"] = [download(blob) for blob in find(message["unit"])]
        message["asker"] = self.asker
        self.send(self.next, message)


class Transform(Actor):
    """Unpacks, joins and packs them."""

    def receiveMessage(self, message, sender):
        if isinstance(message, ActorExitRequest):
            return
        if "next" in message:
            self.next = message["next"]
            return
        message["object"] = combine(message.pop("bodies"))
        self.send(self.next, message)


class Load(Actor):
    """Uploads the object, and reports the unit as done."""

    def receiveMessage(self, message, sender):
        if isinstance(message, ActorExitRequest):
            return
        upload(message["unit"], message.pop("object"))
        self.send(message["asker"], {"done": message["unit"]["unit_id"], "row": message["row"]})


def main() -> None:
    units = iter(tqdm(read_units(), unit="unit"))
    system = ActorSystem("multiprocTCPBase")
    try:
        extractors = []
        for _ in range(ROWS):
            extract, transform, load = (system.createActor(kind) for kind in (Extract, Transform, Load))
            system.tell(extract, {"next": transform})
            system.tell(transform, {"next": load})
            extractors.append(extract)
        # Two units in each row: one is downloaded while the one before is packed and uploaded.
        open_units = 0
        for row in [*range(ROWS), *range(ROWS)]:
            unit = next(units, None)
            if unit is not None:
                system.tell(extractors[row], {"unit": unit, "row": row})
                open_units += 1
        while open_units > 0:
            answer = system.listen(60)
            if not isinstance(answer, dict):
                sys.exit(f"an actor failed: {answer}")
            unit = next(units, None)
            if unit is None:
                open_units -= 1
            else:
                system.tell(extractors[answer["row"]], {"unit": unit, "row": answer["row"]})
    finally:
        system.shutdown()


if __name__ == "__main__":
    main()
