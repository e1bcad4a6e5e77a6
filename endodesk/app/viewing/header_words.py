"""What a reader must know of a file whose frame is not simply what lies in it."""

from endodesk.app.language import tr
from endodesk.domain.images import printable
from endodesk.imaging.reading.header import Header


def header_told(header: Header) -> list[str]:
    """A few words each; nothing for nearly all files."""
    told = []
    if header.pages > 1:
        told.append(tr("the first of {n:,} pictures in the file").format(n=header.pages))
    if header.profile:
        told.append(tr("colours by the profile {name}").format(name=printable(header.profile)))
    return told
