"""Calls in, cube out: formats, ingest, datasets, roll-up and the queries over them."""
