"""The fault matrix of what there is so far: each row is a test by its name, somewhere in `tests/`."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

# What a row injects; the tests say what must come of it. Policy and the explorer bring the other rows.
ROWS = {
    "b01": "kill_build", "b02": "kill_between_rename_and_pointer", "b03": "nth_write_fails", "b04": "disk_full_build",
    "b05": "disk_full_spill", "b06": "out_of_memory", "b07": "ctrl_c", "b08": "sigterm", "b09": "sighup", "b10": "timeout",
    "b11": "hang_watchdog", "b12": "concurrent_build", "b13": "stale_lock", "b14": "clock_back", "b15": "rebuild_same",
    "b16": "rebuild_differs", "b17": "readonly_workspace", "b18": "path_is_symlink_out",
    "d05": "type_mismatch", "d06": "wrong_grain", "d07": "future_leak",
    "n01": "manifest_missing", "n02": "hash_mismatch", "n03": "extra_file", "n04": "newer_format",
    "n05": "reader_during_publish", "n06": "vacuum_in_use", "n07": "rollback",
    "s01": "source_missing", "s02": "glob_empty", "s03": "stale", "s04": "missing_column", "s05": "type_changed",
    "s06": "mixed_schema_files", "s07": "truncated_parquet", "s08": "bitflip", "s09": "zero_byte", "s10": "dup_key",
    "s11": "null_key", "s12": "csv_bad_type", "s13": "ragged", "s14": "late_bad_row", "s15": "gbk_undeclared",
    "s16": "gbk_declared", "s17": "reordered_header", "s18": "dup_header", "s19": "bom", "s20": "nan_inf",
    "s21": "date_out_of_range", "s22": "nul_byte", "s23": "zero_rows", "s24": "sum_overflow", "s25": "source_changes",
    "s26": "db_locked",
    "e01": "kill_export", "e02": "disk_full_export", "e03": "target_exists", "e04": "target_is_symlink",
    "e05": "path_traversal", "e06": "size_jump",
    "e07": "zero_rows", "e08": "over_cap", "e09": "suppression_missing", "e10": "stale", "e11": "consent_null",
    "e12": "suppression_changed_after_build", "e13": "undeclared_column", "e14": "forbidden_class", "e15": "formula_cell",
    "e16": "leading_zero_phone", "e17": "xlsx_row_limit",
    "e18": "export_without_purpose", "e19": "approval_expired", "e20": "audit_log_unwritable",
    "p01": "pii_in_logs", "p02": "file_modes", "p03": "erase_customer", "p04": "retention",
}  # fmt: skip


@functools.cache
def names() -> tuple[str, ...]:
    """Return the name of every test."""
    found = []
    for path in TESTS.rglob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return tuple(found)


@pytest.mark.parametrize(("row", "fault"), ROWS.items(), ids=ROWS)
def test_a_row_is_a_test(row: str, fault: str) -> None:
    assert [name for name in names() if re.search(rf"_{row}_{fault}(_|$)", name)], f"no test is called test_{row}_{fault}…"
