"""Stands in the Reviewer edition for scipy.special, which brings 34 MB, a second OpenBLAS among them.

The cosine transform of the perceptual hash loads it with scipy.fft, which calls these two in its logarithmic transforms alone.
"""

from typing import Any


# Why: docs/decisions/packaging.md 8
def loggamma(*_: Any, **__: Any) -> Any:
    """Never called."""
    raise NotImplementedError("scipy.special is not part of the Reviewer edition.")


poch = loggamma
