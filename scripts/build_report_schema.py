"""Writes docs/guide/report.schema.json: `python -m scripts.build_report_schema`."""

from pathlib import Path

from reports.report_schema import schema_text

TARGET = Path(__file__).resolve().parent.parent / "docs" / "guide" / "report.schema.json"


def main() -> None:
    """Writes the file."""
    TARGET.write_text(schema_text(), encoding="utf-8")
    print(f"Wrote {TARGET}")


if __name__ == "__main__":
    main()
