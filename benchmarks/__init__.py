"""Benchmarks: the same wide table in several ways, measured in pairs; `python -m benchmarks` lists what can be run."""
