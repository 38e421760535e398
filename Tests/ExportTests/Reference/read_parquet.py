"""Reads a Parquet file from standard input with pyarrow; prints its types, row groups and rows as JSON.

Every value is a text that keeps each digit; moments are Unix nanoseconds.
"""
import io
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq

file = pq.ParquetFile(io.BytesIO(sys.stdin.buffer.read()))
table = file.read()
columns = []
for column in table.columns:
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    text = "{:f}".format if pa.types.is_decimal(column.type) else str
    columns.append([None if value is None else text(value) for value in column.to_pylist()])
json.dump(
    {
        "types": [str(field.type) for field in table.schema],
        "rowGroups": file.num_row_groups,
        "rows": [list(row) for row in zip(*columns)],
    },
    sys.stdout,
)
