"""Compares what several stores hold together with one store's tables. Usage: merge_tables.py ONE STORE...

Of a row that several stores have, the newest version counts; two different ones of the same age are a difference.
Prints what differs, or `equal:`, the row counts, and how many trades more than one store has."""

import sqlite3
import sys

POSITION = "epoch desc, byte_offset desc, event_index desc"
# Key, and what makes a version the newer one. No version: every store has to have the same.
TABLES = {
    "trades": ("second, symbol, sequence, source, epoch, byte_offset, event_index", ""),
    "quotes": ("second, symbol, source", POSITION),
    "last_quotes": ("symbol", POSITION),
    "bars": ("symbol, seconds, start", "is_final desc, revision desc, trade_count desc"),
    "features": ("second, symbol", POSITION),
    "episodes": ("id", "is_open, last_at desc, hits desc"),
    # Told on arrival, and once more when its minute is over: the largest score of more seconds, never a smaller one.
    "news": ("source, article_id, symbol", "correlation_strength is null, volume_zscore desc"),
    "signals": ("symbol, seconds, bar_start, kind", POSITION),
    "dead_letters": ("epoch, byte_offset, event_index", "retries desc, is_resolved desc"),
    "gaps": ("epoch, byte_offset, event_index, kind, source, symbol, first_missing", ""),
    "partition_counts": ("partition, source", "received desc"),
    "partition_ignored_types": ("partition, type", "count desc"),
}
IGNORED = {"told_at"}
connection = sqlite3.connect("file::memory:", uri=True)
connection.execute(f"attach 'file:{sys.argv[1]}?mode=ro' as one")
parts = [f"s{index}" for index, _ in enumerate(sys.argv[2:])]
for part, path in zip(parts, sys.argv[2:]):
    connection.execute(f"attach 'file:{path}?mode=ro' as {part}")


def rows(store, table, columns):
    picked = ", ".join(
        f"(select name from {store}.symbols where id = t.symbol_id) as symbol" if name == "symbol_id" else f't."{name}"'
        for name in columns
    )
    # What is observed beside the log is no function of it.
    condition = "where kind not in ('latency', 'stale_feed')" if table == "episodes" else ""
    return f"select {picked} from {store}.{table} as t {condition}"


differences, counts = [], []
for table, (key, version) in TABLES.items():
    columns = [name for _, name, *_ in connection.execute(f"pragma one.table_info('{table}')") if name not in IGNORED]
    union = " union ".join(rows(part, table, columns) for part in parts)
    named = ", ".join('"symbol"' if name == "symbol_id" else f'"{name}"' for name in columns)
    order = f"order by {version}" if version else ""
    newest = f"select {named} from (select *, rank() over (partition by {key} {order}) as place from ({union})) where place = 1"
    connection.execute(f"create temp table merged_{table} as {newest}")
    connection.execute(f"create temp table one_{table} as {rows('one', table, columns)}")
    (count,) = connection.execute(f"select count(*) from one_{table}").fetchone()
    counts.append(f"{table} {count}")
    for mark, left, right in (("<", "merged", "one"), (">", "one", "merged")):
        found = connection.execute(f"select * from {left}_{table} except select * from {right}_{table}").fetchall()
        if found:
            differences.append(f"{table}: {len(found)} only {'merged' if mark == '<' else 'in one'}")
            differences += [f"  {mark} {row}" for row in found[:4]]
    (merged,) = connection.execute(f"select count(*) from merged_{table}").fetchone()
    if merged != count:
        differences.append(f"{table}: {merged} rows merged, {count} in one")
in_all = sum(connection.execute(f"select count(*) from {part}.trades").fetchone()[0] for part in parts)
(distinct,) = connection.execute("select count(*) from merged_trades").fetchone()
print("\n".join(differences) if differences else f"equal: {', '.join(counts)}; {in_all - distinct} trades stored twice")
