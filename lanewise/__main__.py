"""`python -m lanewise` is the `lanewise` command."""

import sys

from lanewise.cli import main

sys.exit(main())
