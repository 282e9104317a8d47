"""What all baselines share: how one unit is moved.

The environment says where: BENCH_UNITS (units file), BENCH_AZURE and BENCH_AZURE_KEY (source; each account is a path),
BENCH_S3 and BENCH_BUCKET (target, with AWS's own variables for the keys).
"""

import bz2
import csv
import datetime
import functools
import gzip
import hashlib
import io
import os
import re
from typing import Iterator, NamedTuple

import boto3
import requests
from azure.core.pipeline.transport import RequestsTransport
from azure.storage.blob import BlobServiceClient
from botocore.config import Config

# Connections kept for each account and for the bucket; more threads than this in one process would open them anew.
CONNECTIONS = 64


class Blob(NamedTuple):
    account: str
    container: str
    name: str


def read_units() -> list[dict]:
    with open(os.environ["BENCH_UNITS"], newline="") as file:
        return list(csv.DictReader(file))


def move(unit: dict) -> None:
    """Moves a unit: finds its blobs, downloads and joins them in order, compresses and uploads."""
    upload(unit, combine(download(blob) for blob in find(unit)))


def find(unit: dict) -> list[Blob]:
    """Lists the blobs of a unit in the order of their names, over all its days and accounts."""
    unit_id = unit["unit_id"]
    shard = hashlib.sha1(unit_id.encode()).hexdigest()[:4]
    start = datetime.date.fromisoformat(unit["start"])
    found = []
    for day in (start + datetime.timedelta(days=n) for n in range(int(unit["days"]))):
        container, prefix = f"events-{day:%Y-%m}", f"{day:%Y/%m/%d}/{shard}/{unit_id}-"
        for account in unit["regions"].split("|"):
            names = azure(account).get_container_client(container).list_blob_names(name_starts_with=prefix)
            found += [
                Blob(account, container, name)
                for name in names
                if re.fullmatch(r"\d{4}\.json\.bz2", name[len(prefix) :])
            ]
    if len(found) != int(unit["blobs"]):
        raise RuntimeError(f"{unit_id} has {len(found)} blobs instead of {unit['blobs']}")
    return sorted(found, key=lambda blob: blob.name)


def download(blob: Blob) -> bytes:
    return azure(blob.account).get_blob_client(blob.container, blob.name).download_blob().readall()


def combine(blobs: Iterator[bytes]) -> bytes:
    """Unpacks the blobs one after the other and packs them as one gzip file."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as file:
        for blob in blobs:
            file.write(bz2.decompress(blob))
    return packed.getvalue()


def upload(unit: dict, body: bytes) -> None:
    month = unit["start"][:7].replace("-", "/")
    key = f"collated/{month}/{unit['unit_id']}.json.gz"
    s3().put_object(Bucket=os.environ["BENCH_BUCKET"], Key=key, Body=body, ContentType="application/gzip")


@functools.cache
def azure(account: str) -> BlobServiceClient:
    session = requests.Session()
    session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=CONNECTIONS))
    session.mount("https://", requests.adapters.HTTPAdapter(pool_maxsize=CONNECTIONS))
    return BlobServiceClient(
        f"{os.environ['BENCH_AZURE']}/{account}",
        credential={"account_name": account, "account_key": os.environ["BENCH_AZURE_KEY"]},
        transport=RequestsTransport(session=session, session_owner=False),
    )


@functools.cache
def s3():
    config = Config(max_pool_connections=CONNECTIONS, s3={"addressing_style": "path"})
    return boto3.client("s3", endpoint_url=os.environ["BENCH_S3"], config=config)
