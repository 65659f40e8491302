"""Where sources live: c360.toml as checked settings, bindings resolved against the headers of real files."""
