"""A workspace's builds: what to compute, how, and into which files of a snapshot."""
