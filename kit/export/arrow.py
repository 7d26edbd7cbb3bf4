"""The data package as Parquet files, one a table, with typed columns and their descriptions."""

from __future__ import annotations

from pathlib import Path

from kit.export.content import Content, described


def names(content: Content) -> list[str]:
    """Return the names of the files."""
    return [f"{table.name}.parquet" for table in described(content).tables]


def write(content: Content, folder: Path) -> None:
    """Write the files. A list stays a list; titles and descriptions stand in the metadata."""
    import pyarrow as pa
    from pyarrow import parquet

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
    }
    whole = described(content)
    for table in whole.tables:
        columns = [
            pa.field(
                field.name,
                pa.list_(pa.string()) if field.separator else types[field.type],
                nullable=not field.required,
                metadata={"title": field.title, "description": field.description},
            )
            for field in table.fields
        ]
        told = {"title": table.title, "description": table.description}
        rows = list(whole.rows[table.name])
        built = pa.Table.from_pylist(rows, schema=pa.schema(columns, metadata=told))
        parquet.write_table(built, folder / f"{table.name}.parquet")
