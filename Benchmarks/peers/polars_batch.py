"""The same figures in one polars batch on one thread: read the whole file, roll, group.

Usage: polars_batch.py FILE. Prints one JSON line. Batch, not a stream: it may look at the whole file at once.
"""
import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = "1"
import orjson
import polars as pl

SCHEMA = {
    "ev": pl.String, "sym": pl.String, "p": pl.Float64, "s": pl.Float64, "t": pl.Int64,
    "bp": pl.Float64, "ap": pl.Float64,
}


def main(path):
    started = time.perf_counter()
    frame = pl.read_ndjson(path, schema=SCHEMA)
    spread = (
        frame.filter(pl.col("ev") == "Q")
        .select("sym", "t", spread=pl.col("ap") - pl.col("bp"))
    )
    trades = (
        frame.filter(pl.col("ev") == "T")
        .select("sym", "t", "p", "s", value=pl.col("p") * pl.col("s"))
        .sort("sym", "t", maintain_order=True)
        .with_columns(at=pl.from_epoch("t", time_unit="ms"))
    )
    five = trades.rolling("at", period="5m", group_by="sym").agg(
        vwap5=pl.col("value").sum() / pl.col("s").sum(),
        mean=pl.col("s").mean(),
        deviation=pl.col("s").std(ddof=0),
        change=pl.col("p").last() - pl.col("p").first(),
    )
    one = trades.rolling("at", period="1m", group_by="sym").agg(
        vwap1=pl.col("value").sum() / pl.col("s").sum(),
        trades=pl.len(),
    )
    joined = trades.select("sym", "t").join_asof(
        spread.sort("t"), on="t", by="sym", check_sortedness=False
    )
    totals = trades.group_by("sym").agg(
        volume=pl.col("s").sum(), last=pl.col("p").last(), trades=pl.len()
    )
    assert five.height == one.height == joined.height == trades.height
    seconds = time.perf_counter() - started
    tickers = {
        row["sym"]: {"volume": row["volume"], "last": row["last"], "trades": row["trades"]}
        for row in totals.sort("sym").to_dicts()
    }
    print(orjson.dumps({"peer": "polars", "events": frame.height, "seconds": seconds, "tickers": tickers}).decode())


main(sys.argv[1])
