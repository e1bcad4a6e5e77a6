"""Cases: what a reader concludes of one. A case is one examination: a folder of frames, a video, or what a pattern in the paths says."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_CONCLUSION = 4000


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One act of a reader: from `at` on this is concluded of the case. Empty text and finding: nothing is, any more."""

    case: str
    text: str
    finding: str
    """A class of the project, or empty."""
    reader: str
    at: datetime
