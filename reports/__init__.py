"""The one place where data, triage and pricing meet: savings, the triage report, charts, exports."""
