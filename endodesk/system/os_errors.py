"""What the system says of a failure, as the end of a sentence for the user."""

UNKNOWN = "unknown reason"
"""Where neither the system nor whoever raised the error says anything. Never translated here: see `endodesk.app.language.reason_of`."""


def reason_of(error: Exception) -> str:
    """Its own words in lower case, without a full stop; never empty.

    Also of what else reading a file raises: a name that holds a NUL, a table that is none.
    """
    return (getattr(error, "strerror", None) or str(error) or UNKNOWN).lower()
