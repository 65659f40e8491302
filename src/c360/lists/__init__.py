"""A workspace's target lists: asked for, taken through stages, handed over, and what becomes of them afterwards."""
