-- Before every way in SQL: no asynchronous threads (DuckDB 2.0 can hang with them), no order to keep, two short forms.
SET async_threads = 0;
SET enable_progress_bar = false;
SET preserve_insertion_order = false;
CREATE MACRO rate(x) AS floor(x * 1000000 + 0.5) / 1000000;
CREATE MACRO ratio(a, b) AS a::DOUBLE / nullif(b::DOUBLE, 0);
