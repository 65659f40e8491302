"""Plans to SQL text through a sqlglot tree; the only package that imports sqlglot."""
