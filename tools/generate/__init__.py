"""Files that are generated from the code: the AsyncAPI document, the settings page, types."""

import sys

from tools.common import ROOT

sys.path.insert(0, str(ROOT / "lambda"))  # the source root of `chat`, which is not installed
