"""A list's file without some rows: the others stay byte for byte, in every encoding; what is no list stays whole."""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl
import pytest

from c360.records.listfiles import Left, ListFile, hash_of

CSV = 'customer_id,note\r\nA,"two\nlines"\r\nB,"say ""no"""\r\n\'=C,张\r\n8613900001111,x\r\nBA,B\r\n'


def left(data: bytes, *keys: str, kind: str = "csv", encoding: str = "utf-8") -> Left | None:
    return ListFile(Path("list"), frozenset({hash_of(data)}), kind, encoding).without(data, keys)


def parquet(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("key", "gone"),
    [
        ("A", 'A,"two\nlines"\r\n'),
        ("B", 'B,"say ""no"""\r\n'),
        ("=C", "'=C,张\r\n"),
        ("+8613900001111", "8613900001111,x\r\n"),
        ("x", ""),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_row_goes_and_no_other_byte(key: str, gone: str, encoding: str) -> None:
    found = left(CSV.encode(encoding), key, encoding=encoding)
    assert found == Left(CSV.replace(gone, "").encode(encoding), 5 - bool(gone), int(bool(gone)))


def test_a_byte_order_mark_and_a_header_called_like_a_key_stay() -> None:
    data = "\ufeffA,b\nA,1\nB,2\n".encode()
    assert left(data, "A", "\ufeffA") == Left("\ufeffA,b\nB,2\n".encode(), 1, 1)


def test_json_lines_lose_the_rows_whose_first_value_is_a_key() -> None:
    data = b'{"id":"A","to":"B"}\n{"id":"B","to":"A"}\n{"id":7}\n'
    assert left(data, "A", "7", kind="jsonl") == Left(b'{"id":"B","to":"A"}\n', 1, 2)


def test_parquet_keeps_its_types_and_rows_without_a_key() -> None:
    frame = pl.DataFrame({"id": ["A", None, "B"], "n": [1, 2, 3]})
    found = left(parquet(frame), "A", kind="parquet")
    assert found is not None and (found.kept, found.gone) == (2, 1)
    assert pl.read_parquet(found.data).equals(frame[1:])


@pytest.mark.parametrize(
    ("data", "kind"), [(b'a\n"b', "csv"), (b"\xff\xfe", "csv"), (b"{", "jsonl"), (b"PAR", "parquet"), (b"", "xlsx")]
)
def test_what_is_not_of_its_format_is_not_touched(data: bytes, kind: str) -> None:
    assert left(data, "A", kind=kind) is None


def test_a_file_is_ours_by_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"id\nA\n")
    file = ListFile(path, frozenset({hash_of(b"id\nA\n")}))
    data = file.read()
    assert data is not None and file.is_ours(data) and not file.is_ours(b"id\n")
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    assert ListFile(link, file.hashes).read() is None and ListFile(tmp_path / "gone.csv", file.hashes).read() is None
