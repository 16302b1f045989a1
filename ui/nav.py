"""Where each page is, so that links and the navigation name it once."""

from typing import Final

OVERVIEW: Final = "ui/pages/overview.py"
WORKLOADS: Final = "ui/pages/workloads.py"
WHATIF: Final = "ui/pages/whatif.py"
REPORT: Final = "ui/pages/report.py"
LEDGER: Final = "ui/pages/ledger.py"
ALERTS: Final = "ui/pages/alerts.py"
SAVINGS: Final = "ui/pages/savings.py"
BATCHES: Final = "ui/pages/batches.py"
BILLS: Final = "ui/pages/bills.py"
DATA: Final = "ui/pages/data.py"
DESCRIBE: Final = "ui/pages/describe.py"
RULES: Final = "ui/pages/rules.py"
POLICY: Final = "ui/pages/policy.py"
PRICES: Final = "ui/pages/prices.py"
CALCULATORS: Final = "ui/pages/calculators.py"

LABEL_PARAM: Final = "label"
"""The query parameter of the label filter; the address holds the labels as they read on the page."""

WORKLOAD_PARAM: Final = "workload"
"""The query parameter (and widget key) that names the workload shown on the Workloads page."""
