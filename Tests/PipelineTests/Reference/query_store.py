"""Prints the rows of a query on a store as a JSON array of arrays. Usage: query_store.py DATABASE QUERY"""
import json
import sqlite3
import sys

connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(json.dumps([list(row) for row in connection.execute(sys.argv[2])]))
