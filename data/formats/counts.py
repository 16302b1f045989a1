"""Sums of token counts, as SQL text.

A count that cannot be read must be reported, not lost in a sum: it then stands for the sum.
"""


def added(*parts: str) -> str:
    """SQL text of the sum of some counts, without those that are absent; NULL where all are.

    A part that is no count is the result itself, so that the row is rejected for it.
    """
    wrong = " ".join(
        f"WHEN count_problem({part}, whole_number({part})) IS NOT NULL THEN {part}" for part in parts
    )
    there = " AND ".join(f"{part} IS NULL" for part in parts)
    total = " + ".join(f"coalesce(whole_number({part}), 0)" for part in parts)
    return f"CASE WHEN {there} THEN NULL {wrong} ELSE cast({total} AS VARCHAR) END"
