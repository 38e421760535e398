"""Compares two stores table by table; prints what differs and ends with 1, or prints `equal` and the row counts.

Usage: compare_tables.py A B [--ignore TABLE.COLUMN ...] [--skip TABLE ...]
"""
import argparse
import sqlite3
import sys


def rows(connection, table, ignored):
    columns = [
        name
        for _, name, *_ in connection.execute(f"pragma table_info('{table}')")
        if f"{table}.{name}" not in ignored and f"*.{name}" not in ignored
    ]
    picked = ", ".join(f'"{name}"' for name in columns)
    return columns, sorted(map(repr, connection.execute(f"select {picked} from \"{table}\"")))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--ignore", nargs="*", default=[])
    parser.add_argument("--skip", nargs="*", default=[])
    options = parser.parse_args()
    a, b = (sqlite3.connect(f"file:{path}?mode=ro", uri=True) for path in (options.a, options.b))
    tables = sorted(
        name
        for (name,) in a.execute("select name from sqlite_master where type = 'table'")
        if not name.startswith(("sqlite_", "grdb_")) and name not in options.skip
    )
    differs = False
    counts = []
    for table in tables:
        columns, left = rows(a, table, options.ignore)
        _, right = rows(b, table, options.ignore)
        counts.append(f"{table} {len(left)}")
        if left == right:
            continue
        differs = True
        only_left, only_right = sorted(set(left) - set(right)), sorted(set(right) - set(left))
        print(f"{table}: {len(left)} rows against {len(right)}; columns {columns}")
        for mark, some in (("<", only_left), (">", only_right)):
            for row in some[:5]:
                print(f"  {mark} {row}")
    print("differ" if differs else "equal: " + ", ".join(counts))
    sys.exit(1 if differs else 0)


main()
