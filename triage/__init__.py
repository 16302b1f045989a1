"""Which workloads can wait: labels, policy and the engine that gives its reasons."""
