"""How often triage is right: labelled descriptions, real traces, and generated companies of known truth."""
