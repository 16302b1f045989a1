"""Every sentence a person reads on the pages, in one place: to check, to keep alike, to translate.

Markdown is allowed unless a comment says otherwise. Text of other people's making comes in escaped
(see `ui.text.md`); a dollar sign written here is escaped by hand, two of them would be a formula.
"""

from ui.strings.alerts import *
from ui.strings.batches import *
from ui.strings.bills import *
from ui.strings.calculators import *
from ui.strings.datasets import *
from ui.strings.describing import *
from ui.strings.display import *
from ui.strings.explaining import *
from ui.strings.facts import *
from ui.strings.filters import *
from ui.strings.frame import *
from ui.strings.lanes import *
from ui.strings.ledger import *
from ui.strings.mapping import *
from ui.strings.overview import *
from ui.strings.policy import *
from ui.strings.prices import *
from ui.strings.report import *
from ui.strings.rules import *
from ui.strings.savings import *
from ui.strings.shared import *
from ui.strings.states import *
from ui.strings.unpriced import *
from ui.strings.whatif import *
from ui.strings.workloads import *
