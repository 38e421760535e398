"""Compares two stores table by table; prints what differs and ends with 1, or prints `equal:` and the row counts.

Usage: compare_tables.py A B [--ignore TABLE.COLUMN ...] [--skip TABLE ...] [--only TABLE ...]
           [--where TABLE=CONDITION ...] [--report]

Tickers are compared by name: the numbers that stand for them are a store's own affair. `--report` ends with 0
either way, for a caller that reads the answer.
"""
import argparse
import sqlite3
import sys


def rows(connection, table, options):
    columns = [
        name
        for _, name, *_ in connection.execute(f"pragma table_info('{table}')")
        if f"{table}.{name}" not in options.ignore and f"*.{name}" not in options.ignore
    ]
    picked = ", ".join(
        "(select name from symbols where symbols.id = symbol_id)" if name == "symbol_id" else f'"{name}"'
        for name in columns
        if (table, name) != ("symbols", "id")
    )
    conditions = dict(condition.split("=", 1) for condition in options.where)
    query = f'select {picked} from "{table}" where {conditions.get(table, "true")}'
    return columns, sorted(map(repr, connection.execute(query)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("a")
    parser.add_argument("b")
    for name in ("--ignore", "--skip", "--only", "--where"):
        parser.add_argument(name, nargs="*", default=[])
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    a, b = (sqlite3.connect(f"file:{path}?mode=ro", uri=True) for path in (options.a, options.b))
    tables = sorted(
        name
        for (name,) in a.execute("select name from sqlite_master where type = 'table'")
        if not name.startswith(("sqlite_", "grdb_"))
        and name not in options.skip
        and (not options.only or name in options.only)
    )
    differs = False
    counts = []
    for table in tables:
        columns, left = rows(a, table, options)
        _, right = rows(b, table, options)
        counts.append(f"{table} {len(left)}")
        if left == right:
            continue
        differs = True
        only_left, only_right = sorted(set(left) - set(right)), sorted(set(right) - set(left))
        print(f"{table}: {len(left)} rows against {len(right)}; columns {columns}")
        for mark, some in (("<", only_left), (">", only_right)):
            print(f"  {len(some)} only here:")
            for row in some[:5]:
                print(f"  {mark} {row}")
    print("differ" if differs else "equal: " + ", ".join(counts))
    sys.exit(1 if differs and not options.report else 0)


main()
