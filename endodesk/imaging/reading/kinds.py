"""Kinds of files that are no frames here, told by how they begin: whatever their names say, the reader hears what they are."""

_SENTENCES = {
    "picture": "{name} is a {kind} file, which is not read here. Export it as JPEG or PNG.",
    "video": "{name} is a video ({kind}), not a frame. Name it as one and take frames from it by File > Take frames (Ctrl+T).",
    "archive": "{name} is a {kind} archive, not an image. Unpack it first.",
    "document": "{name} is a {kind}, not an image. Export its pictures as JPEG or PNG.",
    "page": "{name} is a {kind}, not an image. Download the image itself again.",
}
_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"GIF87a", "picture", "GIF"),
    (b"GIF89a", "picture", "GIF"),
    (b"8BPS", "picture", "Photoshop"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "picture", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "picture", "JPEG 2000"),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "picture", "JPEG XL"),
    (b"\xff\x0a", "picture", "JPEG XL"),
    (b"II\xbc\x01", "picture", "JPEG XR"),
    (b"\xff\xd8\xff\xf7", "picture", "JPEG-LS"),
    (b"\x8bJNG\r\n\x1a\n", "picture", "JNG"),
    (b"\x8aMNG\r\n\x1a\n", "picture", "MNG"),
    (b"FUJIFILMCCD-RAW", "picture", "camera raw (RAF)"),
    (b"IIRO", "picture", "camera raw (ORF)"),
    (b"IIRS", "picture", "camera raw (ORF)"),
    (b"MMOR", "picture", "camera raw (ORF)"),
    (b"IIU\0", "picture", "camera raw (RW2)"),
    (b"FOVb", "picture", "camera raw (X3F)"),
    (b"\0MRM", "picture", "camera raw (MRW)"),
    (b"v/1\x01", "picture", "OpenEXR"),
    (b"#?RADIANCE", "picture", "Radiance HDR"),
    (b"qoif", "picture", "QOI"),
    (b"DDS ", "picture", "DDS"),
    (b"BPG\xfb", "picture", "BPG"),
    (b"\0\0\x01\0", "picture", "icon"),
    (b"\0\0\x02\0", "picture", "cursor"),
    (b"\xc5\xd0\xd3\xc6", "document", "PostScript file"),
    (b"%!PS", "document", "PostScript file"),
    (b"%PDF-", "document", "PDF document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document", "Office document"),
    (b"{\\rtf", "document", "text document"),
    (b"PK\x03\x04", "archive", "ZIP"),
    (b"Rar!\x1a\x07", "archive", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "archive", "7z"),
    (b"\x1f\x8b\x08", "archive", "gzip"),
    (b"BZh", "archive", "bzip2"),
    (b"\xfd7zXZ\0", "archive", "xz"),
    (b"\x1aE\xdf\xa3", "video", "Matroska or WebM"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video", "WMV"),
    (b"\0\0\x01\xba", "video", "MPEG"),
    (b"\0\0\x01\xb3", "video", "MPEG"),
    (b"FLV\x01", "video", "FLV"),
)
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), ("picture", "HEIC")),
    **dict.fromkeys((b"mif1", b"mif2", b"msf1", b"miaf"), ("picture", "HEIF")),
    **dict.fromkeys((b"avif", b"avis"), ("picture", "AVIF")),
    **dict.fromkeys((b"jp2 ", b"jpx ", b"jpm ", b"jph "), ("picture", "JPEG 2000")),
    b"jxl ": ("picture", "JPEG XL"),
    b"crx ": ("picture", "camera raw (CR3)"),
}
_PNM = frozenset(b"P%d" % n for n in range(1, 8))


def foreign_sentence(data: bytes, name: str) -> str | None:
    """Which kind of file it is and what to do, as a sentence; None for a kind that is read here, or is not known."""
    found = _foreign_kind(data)
    return _SENTENCES[found[0]].format(name=name, kind=found[1]) if found else None


def _foreign_kind(data: bytes) -> tuple[str, str] | None:
    for beginning, family, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return family, kind
    if data[4:8] == b"ftyp":
        return _by_brand(data)
    if data[:4] == b"RIFF" and data[8:12] == b"AVI ":
        return "video", "AVI"
    if data[4:8] in (b"moov", b"mdat", b"wide"):
        return "video", "QuickTime"
    if data[:2] in _PNM and data[2:3].isspace():
        return "picture", "PNM"
    return _written(data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower())


def _by_brand(data: bytes) -> tuple[str, str]:
    """Of the family of MP4: the first brand that is a picture's, or it is a video."""
    end = min(int.from_bytes(data[:4], "big"), 256, len(data))
    brands = [data[8:12], *(data[place : place + 4] for place in range(16, end - 3, 4))]
    pictures = [_BRANDS[brand] for brand in brands if brand in _BRANDS]
    named = [found for found in pictures if found[1] != "HEIF"]  # HEIC and AVIF files say too that they are HEIF
    if brands[0] in _BRANDS or not data[8:12].strip(b"\0"):
        return (named or pictures or [("video", "MP4")])[0]
    return "video", "MP4"


def _written(text: bytes) -> tuple[str, str] | None:
    if text.startswith(b"<svg") or (text.startswith(b"<?xml") and b"<svg" in text):
        return "picture", "SVG"
    if text.startswith((b"<!doctype html", b"<html", b"<head")):
        return "page", "web page"
    if text.startswith(b"version https://git-lfs"):
        return "page", "pointer of Git LFS"
    return None
