import hashlib
import io
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import imagehash
import numpy as np
import pytest
from PIL import Image

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging import thumbnail_store
from endodesk.imaging.hashing import phash, sha256_bytes, sha256_file
from endodesk.imaging.reading.header import READING
from endodesk.imaging.reading.read import decode_image
from endodesk.imaging.synthetic.frames import render_frame
from endodesk.imaging.thumbnail_store import SIDE_PX, ThumbnailStore, make_thumbnail

FRAME = cv2.GaussianBlur(render_frame("polyps", case_seed=6, frame_seed=2, width=900, border="round").image, (9, 9), 3)


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def by_area(pixels: np.ndarray) -> np.ndarray:
    scale = SIDE_PX / max(pixels.shape[:2])
    return cv2.resize(pixels, (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)), interpolation=cv2.INTER_AREA)


@pytest.fixture
def store(tmp_path: Path) -> ThumbnailStore:
    return ThumbnailStore(tmp_path / "cache")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "frame.jpg"
    path.write_bytes(encoded(Image.fromarray(FRAME), quality=95))
    return path


def kept(tmp_path: Path) -> Iterator[Path]:
    return (path for path in (tmp_path / "cache").rglob("*") if path.is_file())


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("factor", [1, 2.3])
def test_a_thumbnail_is_the_frame_upright_and_small(orientation: int, mode: str, factor: float) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    picture = Image.fromarray(FRAME).convert(mode).resize((int(900 / factor), int(720 / factor)))
    data = encoded(picture, quality=95, exif=exif)
    thumbnail, wanted = make_thumbnail(data, "frame"), by_area(decode_image(data, "frame"))
    assert thumbnail.shape == wanted.shape
    assert max(thumbnail.shape) == SIDE_PX
    assert np.abs(thumbnail.astype(int) - wanted).mean() < 2


def test_thumbnails_of_sixteen_bits_and_of_small_and_of_long_frames() -> None:
    deep = cv2.imencode(".png", FRAME[..., ::-1].astype(np.uint16) * 257)[1].tobytes()
    assert np.abs(make_thumbnail(deep, "frame").astype(int) - by_area(FRAME)).max() <= 1
    assert make_thumbnail(encoded(Image.new("RGB", (20, 16))), "frame").shape == (154, 192, 3)
    assert make_thumbnail(encoded(Image.new("RGB", (20_000, 16))), "frame").shape == (1, 192, 3)


def test_the_store_keeps_them_by_content(store: ThumbnailStore, file: Path, tmp_path: Path) -> None:
    name, thumbnail = store.get(file)
    assert name == hashlib.sha256(file.read_bytes()).hexdigest()
    assert [path.relative_to(tmp_path / "cache" / f"thumbnails-{READING}") for path in kept(tmp_path)] == [Path(name[:2]) / f"{name}.jpg"]
    again = store.get(file.rename(tmp_path / "moved.jpg"))
    assert again[0] == name
    assert np.abs(again[1].astype(int) - thumbnail).mean() < 3  # kept as JPEG


def test_thumbnails_of_an_older_program_are_not_shown_and_go(store: ThumbnailStore, file: Path, tmp_path: Path) -> None:
    store.get(file)
    (now,) = kept(tmp_path)
    for older in ("thumbnails", "thumbnails-1"):
        (tmp_path / "cache" / older / "aa").mkdir(parents=True)
        (tmp_path / "cache" / older / "aa" / now.name).write_bytes(b"of another picture")
    store.drop_older()
    assert list(kept(tmp_path)) == [now]


@pytest.mark.parametrize("width", [900, 20_000])
def test_a_kept_one_is_not_made_again(store: ThumbnailStore, tmp_path: Path, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "frame.jpg"
    file.write_bytes(encoded(Image.new("RGB", (width, 20), (200, 90, 80))))
    first = store.get(file)[1]
    monkeypatch.setattr(thumbnail_store, "make_thumbnail", lambda *_: pytest.fail("made again"))
    assert np.abs(store.get(file)[1].astype(int) - first).max() < 10


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.98])
@pytest.mark.parametrize("tail", [b"", b"garbage"])
def test_a_damaged_one_is_made_again(store: ThumbnailStore, file: Path, tmp_path: Path, share: float, tail: bytes) -> None:
    thumbnail = store.get(file)[1]
    (path,) = kept(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))] + tail)
    assert np.array_equal(store.get(file)[1], thumbnail)
    assert path.read_bytes() == whole


def test_one_flipped_bit_is_noticed_and_the_picture_made_again(store: ThumbnailStore, file: Path, tmp_path: Path) -> None:
    name, thumbnail = store.get(file)
    (path,) = kept(tmp_path)
    whole = path.read_bytes()
    chance = random.Random(0)
    for place in [len(whole) // 2, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(30))]:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        assert np.array_equal(store.get(file, name)[1], thumbnail)
        assert path.read_bytes() == whole


def test_a_cache_that_cannot_be_written_costs_speed_only(file: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file, not a folder")
    assert ThumbnailStore(tmp_path / "cache").get(file)[1].shape == (154, 192, 3)


def test_a_full_disk_leaves_no_pieces(store: ThumbnailStore, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert store.get(file)[1].shape == (154, 192, 3)
    assert list(kept(tmp_path)) == []


def test_unreadable_frames_are_told_and_not_kept(store: ThumbnailStore, tmp_path: Path) -> None:
    (tmp_path / "cut.jpg").write_bytes(encoded(Image.fromarray(FRAME))[:5000])
    with pytest.raises(UnreadableImage, match=r"^cut\.jpg cannot be read"):
        store.get(tmp_path / "cut.jpg")
    assert list(kept(tmp_path)) == []


def test_many_threads_make_one_file(store: ThumbnailStore, file: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = {name for name, _ in pool.map(store.get, [file] * 16)}
    assert len(names) == len(list(kept(tmp_path))) == 1


def test_sha256_is_that_of_the_bytes(file: Path) -> None:
    assert sha256_bytes(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_file(file) == sha256_bytes(file.read_bytes())


@pytest.mark.parametrize("case", range(4))
def test_the_perceptual_hash_is_imagehashs(case: int) -> None:
    image = render_frame("normal", case_seed=case, frame_seed=1, width=150 + case).image
    assert phash(image) == str(imagehash.phash(Image.fromarray(image)))
    assert len(phash(image)) == 16
    assert phash(image) != phash(image[::-1])
