"""Compares what `ticktop export` wrote in each format, and with the store's own rows.

Usage: compare_exports.py DIRECTORY DATABASE TABLE...; the files are TABLE.csv, .json, .ndjson and .parquet. Prints how
many rows each table has."""
import csv
import datetime
import json
import sqlite3
import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq

SQL = {
    "trades": "trades", "quotes": "quotes", "features": "features", "anomalies": "episodes", "news": "news",
    "signals": "signals", "dead-letters": "dead_letters", "bars": "bars where seconds = 1",
}


def moment(nanoseconds):
    days, rest = divmod(nanoseconds, 86_400_000_000_000)
    day = datetime.date(1970, 1, 1) + datetime.timedelta(days=days)
    second, fraction = divmod(rest, 1_000_000_000)
    return f"{day}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.{fraction:09}Z"


def of_parquet(path):
    table = pq.read_table(path)
    columns = {}
    for field, column in zip(table.schema, table.columns):
        if pa.types.is_timestamp(field.type):
            values = [None if v is None else moment(v) for v in column.cast(pa.int64()).to_pylist()]
        else:
            values = column.to_pylist()
        columns[field.name] = values
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def same(left, right):
    """Numbers by value, all else as it is."""
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    if isinstance(left, (int, float, Decimal)) and isinstance(right, (int, float, Decimal)):
        if isinstance(left, float) or isinstance(right, float):
            return float(left) == float(right)
        return Decimal(left) == Decimal(right)
    return left == right


def as_csv(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
    return value


folder, database, *tables = sys.argv[1:]
store = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
counts = {}
for table in tables:
    path = f"{folder}/{table}"
    rows = json.load(open(path + ".json"), parse_float=Decimal)
    lines = [json.loads(line, parse_float=Decimal) for line in open(path + ".ndjson")]
    assert rows == lines, f"{table}: JSON and NDJSON differ"
    packed = of_parquet(path + ".parquet")
    assert len(packed) == len(rows), f"{table}: {len(packed)} rows in Parquet, {len(rows)} in JSON"
    with open(path + ".csv", newline="") as file:
        flat = list(csv.DictReader(file))
    assert len(flat) == len(rows), f"{table}: {len(flat)} rows in CSV, {len(rows)} in JSON"
    for number, (row, other, text) in enumerate(zip(rows, packed, flat)):
        assert list(row) == list(other) == list(text), f"{table}: columns differ"
        for name, value in row.items():
            assert same(value, other[name]), f"{table} {number} {name}: {value!r} is {other[name]!r} in Parquet"
            wanted = as_csv(value)
            got = text[name]
            equal = got == wanted if isinstance(wanted, str) else Decimal(got) == Decimal(wanted)
            assert equal, f"{table} {number} {name}: {value!r} is {got!r} in CSV"
    stored = store.execute(f"select count(*) from {SQL[table]}").fetchone()[0]
    assert stored == len(rows), f"{table}: {stored} rows in the store, {len(rows)} exported"
    counts[table] = len(rows)

names = dict(store.execute("select id, name from symbols"))
trades = json.load(open(f"{folder}/trades.json"), parse_float=Decimal)
rows = store.execute(
    "select symbol_id, second * 1000000000 + nanosecond, price, size, sequence from trades"
    " order by second, symbol_id, sequence").fetchall()
for trade, (symbol, executed, price, size, sequence) in zip(trades, rows):
    assert trade["ticker"] == names[symbol] and trade["timestamp"] == moment(executed), trade
    assert Decimal(trade["price"]) == Decimal(price).scaleb(-9), trade
    assert Decimal(trade["size"]) == Decimal(size).scaleb(-8), trade
    assert trade["sequence_number"] == sequence, trade
print(json.dumps(counts))
