"""What size a JPEG, JPEG-LS or JPEG 2000 stream says its picture has, before any decoder makes room for it."""

_JPEG_2000 = b"\xff\x4f\xff\x51"
_NO_FRAME = frozenset({0xC4, 0xC8, 0xCC})  # tables that share the numbers of frame headers
_JPEG_LS = 0xF7


def coded_size(code: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None if it is no such stream."""
    if code[:2] == b"\xff\xd8":
        return _jpeg_size(code)
    start = code.find(_JPEG_2000, 0, 4096)
    if start < 0 or len(code) < start + 24:
        return None
    right, bottom, left, top = (int.from_bytes(code[at : at + 4], "big") for at in range(start + 8, start + 24, 4))
    return right - left, bottom - top


def _jpeg_size(code: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 <= len(code) and code[place] == 0xFF:
        marker = code[place + 1]
        if marker == 0xFF:  # filling
            place += 1
        elif (0xC0 <= marker <= 0xCF and marker not in _NO_FRAME) or marker == _JPEG_LS:
            return int.from_bytes(code[place + 7 : place + 9], "big"), int.from_bytes(code[place + 5 : place + 7], "big")
        else:
            place += 2 + int.from_bytes(code[place + 2 : place + 4], "big")
    return None
