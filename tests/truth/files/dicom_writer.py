"""DICOM files written tag by tag: so that the label and the stream may contradict each other, and nothing is mended on the way."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

IMPLICIT, EXPLICIT, DEFLATED, BIG = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2"
BASELINE, EXTENDED, LOSSLESS_JPEG, LOSSLESS_SV1 = (f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 57, 70))
JPEG_LS, JPEG_LS_NEAR, J2K_LOSSLESS, J2K, MPEG2, H264, HEVC = (f"1.2.840.10008.1.2.4.{n}" for n in (80, 81, 90, 91, 100, 102, 107))
HTJ2K_LOSSLESS, JXL_LOSSLESS, RLE = "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.5"
_CLASS = "1.2.840.10008.5.1.4.1.1.77.1.1"
_LONG = ("OB", "OW", "SQ", "UN", "UT", "OF", "OD")

TAGS = {
    "frames": (0x00280008, "IS"), "samples": (0x00280002, "US"), "photometric": (0x00280004, "CS"), "planar": (0x00280006, "US"),
    "rows": (0x00280010, "US"), "columns": (0x00280011, "US"), "allocated": (0x00280100, "US"), "stored": (0x00280101, "US"),
    "high": (0x00280102, "US"), "signed": (0x00280103, "US"), "centre": (0x00281050, "DS"), "width": (0x00281051, "DS"),
    "function": (0x00281056, "CS"), "intercept": (0x00281052, "DS"), "slope": (0x00281053, "DS"), "modality": (0x00080060, "CS"),
    "red": (0x00281201, "OW"), "green": (0x00281202, "OW"), "blue": (0x00281203, "OW"), "red_table": (0x00281101, "US"),
    "green_table": (0x00281102, "US"), "blue_table": (0x00281103, "US"), "voi": (0x00283010, "SQ"), "modality_table": (0x00283000, "SQ"),
    "table": (0x00283002, "US"), "entries": (0x00283006, "OW"), "kind": (0x00283004, "LO"), "smallest": (0x00280106, "US"),
    "largest": (0x00280107, "US"), "lossy": (0x00282110, "CS"), "aspect": (0x00280034, "IS"), "shape": (0x20500020, "CS"),
    "icc": (0x00282000, "OB"), "pixels": (0x7FE00010, "OW"), "float_pixels": (0x7FE00008, "OF"),
}  # fmt: skip
"""What a case may say, by a plain name: tag and type."""


def element(tag: int, kind: str, value: Any, *, order: str = "<", implicit: bool = False) -> bytes:
    """One tag with its value; a list is more than one value, bytes stand as they are."""
    data = _value(kind, value, order, implicit)
    head = struct.pack(f"{order}HH", tag >> 16, tag & 0xFFFF)
    length = 0xFFFFFFFF if isinstance(value, Fragments) else len(data)
    if implicit:
        return head + struct.pack(f"{order}I", length) + data
    if kind in _LONG:
        return head + kind.encode() + b"\0\0" + struct.pack(f"{order}I", length) + data
    return head + kind.encode() + struct.pack(f"{order}H", length) + data


class Fragments(bytes):
    """Pixel data in pieces, already with their item tags."""


def fragments(pieces: Sequence[bytes], *, offsets: Sequence[int] = (), ended: bool = True) -> Fragments:
    """Encapsulated: the table of offsets (may be empty), the pieces, the last delimiter (or not)."""
    out = b"\xfe\xff\x00\xe0" + struct.pack("<I", 4 * len(offsets)) + struct.pack(f"<{len(offsets)}I", *offsets)
    for piece in pieces:
        padded = piece + b"\0" * (len(piece) % 2)
        out += b"\xfe\xff\x00\xe0" + struct.pack("<I", len(padded)) + padded
    return Fragments(out + (b"\xfe\xff\xdd\xe0\0\0\0\0" if ended else b""))


def _value(kind: str, value: Any, order: str, implicit: bool) -> bytes:
    if isinstance(value, bytes):
        data = bytes(value)
        return data + b"\0" * (len(data) % 2)
    listed = list(value) if isinstance(value, (list, tuple)) else [value]
    if kind in ("US", "SS"):
        return struct.pack(f"{order}{len(listed)}{'H' if kind == 'US' else 'h'}", *listed)
    if kind == "SQ":
        return b"".join(_item(inner, order, implicit) for inner in listed)
    text = "\\".join(str(one) for one in listed).encode("latin-1")
    return text + (b"\0" if kind == "UI" else b" ") * (len(text) % 2)


def _item(inner: Mapping[str, Any], order: str, implicit: bool) -> bytes:
    data = b"".join(
        element(*TAGS[name], value, order=order, implicit=implicit) for name, value in sorted(inner.items(), key=lambda p: TAGS[p[0]])
    )
    return struct.pack(f"{order}HHI", 0xFFFE, 0xE000, len(data)) + data


def dicom(syntax: str = EXPLICIT, *, preamble: bool = True, meta: bool = True, **says: Any) -> bytes:
    """A file of these tags (names of TAGS; None leaves one out). Nothing is checked, nothing added but what names the object."""
    order, implicit = (">" if syntax == BIG else "<"), syntax == IMPLICIT
    tags = [
        (0x00080016, "UI", _CLASS),
        (0x00080018, "UI", "1.2.3.4"),
        (0x00100010, "PN", "Nobody"),
        (0x0020000D, "UI", "1.2.3"),
        (0x0020000E, "UI", "1.2.4"),
    ]
    tags += [(*TAGS[name], value) for name, value in says.items() if value is not None]
    body = b"".join(element(*tag, order=order, implicit=implicit) for tag in sorted(tags, key=lambda tag: tag[0]))
    if syntax == DEFLATED:
        packer = zlib.compressobj(wbits=-15)
        body = packer.compress(body) + packer.flush()
        body += b"\0" * (len(body) % 2)
    group = element(0x00020001, "OB", b"\0\1") + element(0x00020002, "UI", _CLASS) + element(0x00020003, "UI", "1.2.3.4")
    group += element(0x00020010, "UI", syntax) + element(0x00020012, "UI", "1.2.3.5")
    head = element(0x00020000, "UL", struct.pack("<I", len(group))) + group if meta else b""
    return (b"\0" * 128 + b"DICM" if preamble else b"") + head + body


def described(rows: int, columns: int, samples: int, photometric: str, bits: int, **says: Any) -> dict[str, Any]:
    """What every picture says of its pixels; `bits` stored in 8 or 16 (or 32)."""
    room = 8 if bits <= 8 else 16 if bits <= 16 else 32
    base = {
        "rows": rows,
        "columns": columns,
        "samples": samples,
        "photometric": photometric,
        "allocated": room,
        "stored": bits,
        "high": bits - 1,
    }
    base |= {"signed": 0, "modality": "ES"} | ({"planar": 0} if samples > 1 else {})
    return base | says
