"""Measurements, as ratios within one run: never a timed test, never an absolute claim."""
