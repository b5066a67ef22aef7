"""`python -m lessons.cli` is the same as `lessons`."""

import sys

from lessons.cli.main import main

sys.exit(main())
