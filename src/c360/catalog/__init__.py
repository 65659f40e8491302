"""Definitions of a workspace: its `tags/` and `segments/` in, a checked `Catalog` out; knows no data.

Only `c360.catalog.examples` needs an engine, the one in plain Python.
"""

from c360.catalog.examples import ExampleResult, run_examples
from c360.catalog.findings import Finding
from c360.catalog.lint import findings
from c360.catalog.load import LoadedDefinitions, load
from c360.catalog.model import Catalog, assemble, build_catalog
from c360.catalog.parameters import Parameter

__all__ = [
    "Catalog", "ExampleResult", "Finding", "LoadedDefinitions", "Parameter", "assemble", "build_catalog", "findings",
    "load", "run_examples",
]  # fmt: skip
