"""Engines that turn definitions and rows into values: DuckDB for work, the reference as the oracle."""
