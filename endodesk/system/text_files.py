"""Text files that a user wrote or changed: what their bytes say, whichever editor saved them."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass
from pathlib import Path

from endodesk.domain.errors import BadRequest
from endodesk.system.os_errors import reason_of
from endodesk.system.plain_files import open_plain

_LOOKED_AT = 4096
_MARKS = ((BOM_UTF8, "utf-8", "UTF-8"), (BOM_UTF16_LE, "utf-16-le", "UTF-16"), (BOM_UTF16_BE, "utf-16-be", "UTF-16"))
# Why: docs/decisions/dataset.md 11
OTHER_ENCODINGS = {
    "cp1252": "Windows-1252", "mac_roman": "Mac OS Roman", "cp850": "DOS 850", "cp1250": "Windows-1250", "cp1251": "Windows-1251",
    "cp1253": "Windows-1253", "cp1254": "Windows-1254", "cp1257": "Windows-1257", "cp932": "Shift JIS", "gb18030": "GB 18030",
    "cp949": "Korean 949", "cp950": "Big5",
}  # fmt: skip
"""What spreadsheets save where they do not save Unicode, by Python's names, with their own; the likeliest first."""


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file, and what its bytes were taken for."""

    text: str
    """With the ends of lines that it has; never with a mark or a NUL."""
    encoding: str
    """UTF-8, UTF-16, or another's own name; empty if it is none that is sure: then what is no UTF-8 stands there as surrogates."""
    data: bytes = b""
    """The bytes themselves, where the encoding is not sure."""

    def in_encoding(self, codec: str) -> "FileText | None":
        """The same bytes in one of OTHER_ENCODINGS; None if they are not."""
        try:
            text = self.data.decode(codec)
        except UnicodeDecodeError:
            return None
        return FileText(text, OTHER_ENCODINGS[codec])


def read_text_file(path: Path, most_bytes: int) -> FileText:
    """By its mark, else by the zeros that UTF-16 has between letters, else as UTF-8.

    BadRequest with a sentence if it cannot be read, is too large, or is no text.
    """
    try:
        with open_plain(path) as stream:
            data = stream.read(most_bytes + 1)
    except (OSError, ValueError) as error:
        raise BadRequest(f"{path} cannot be read: {reason_of(error)}.") from error
    if len(data) > most_bytes:
        raise BadRequest(f"{path.name} is too large: it may have up to {most_bytes // 1024**2} MB.")
    return _text_of(data, path.name)


def _text_of(data: bytes, name: str) -> FileText:
    mark, codec, encoding = next((one for one in _MARKS if data.startswith(one[0])), (b"", _unmarked(data), ""))
    body = data[len(mark) :]
    encoding = encoding or {"utf-8": "UTF-8"}.get(codec, "UTF-16")
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        if encoding == "UTF-16":
            raise BadRequest(f"{name} cannot be read: it begins as UTF-16, but is cut or damaged. Save it again as UTF-8.") from error
        text, encoding = body.decode(codec, "surrogateescape"), ""
    if "\0" in text:
        raise BadRequest(f"{name} cannot be read: it is no text, or damaged (it holds zero bytes). Save it again as UTF-8.")
    return FileText(text, encoding, b"" if encoding else body)


def _unmarked(data: bytes) -> str:
    """UTF-16 without a mark has a zero in each Latin letter, before it or behind it."""
    sample = data[:_LOOKED_AT]
    before, behind = sample[0::2].count(0), sample[1::2].count(0)
    if max(before, behind) <= len(sample) // 8 or min(before, behind) * 4 > max(before, behind):
        return "utf-8"
    return "utf-16-be" if before > behind else "utf-16-le"
