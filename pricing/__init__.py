"""What a call costs: the dated price table, lanes, stacking rules and the one cost formula."""
