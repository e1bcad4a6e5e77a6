"""Frame k of a film is the k-th that decoding from the start gives; what is no film is a sentence."""

import socket
from pathlib import Path

import av
import numpy as np
import pytest
from dicom_files import dicom_bytes
from film_refusals import refusal
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from videos import make_video, number_in

from endodesk.domain.errors import Cancelled, UnreadableImage
from endodesk.imaging.reading import video
from endodesk.imaging.reading.films import holds_film, open_film
from endodesk.imaging.reading.read import read_image
from endodesk.system.task import TaskContext

CLIPS = sorted((Path(__file__).parents[4] / "shared" / "data" / "video").glob("*.mp4"))
KINDS = [
    ("a.mp4", "mp4v"),
    ("a.avi", "XVID"),
    ("b.avi", "MJPG"),
    ("a.mkv", "mp4v"),
    ("a.mov", "mp4v"),
    ("a.wmv", "WMV2"),
    ("a.mpg", "PIM1"),
]


def decoded(path: Path) -> list[int]:
    """By decoding from the start with FFmpeg's own converter: a hash a frame."""
    with av.open(str(path)) as film:
        return [hash(frame.to_ndarray(format="rgb24", interpolation="BICUBIC").tobytes()) for frame in film.decode(video=0)]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "codec"), KINDS)
def test_every_kind_shows_the_frame_that_was_asked_for_in_any_order(tmp_path, name, codec):
    film = open_film(make_video(tmp_path / f"Film 内視鏡 {name}", 130, codec))
    assert film.frames == 130
    for index in (129, 0, 64, 65, 63, 12, 11, 128, 100, 1, 129):
        assert number_in(film.frame(index)) == index
    assert film.seconds(0) == 0
    assert film.seconds(129) == pytest.approx(129 / 25, abs=0.01)
    for index in (0, 17, 129):
        assert film.at(film.seconds(index)) == index
    assert (film.at(-3), film.at(9999)) == (0, 129)
    with pytest.raises(IndexError):
        film.frame(130)
    film.close()


@pytest.mark.slow
@pytest.mark.skipif(not CLIPS, reason="the shared clips are not here")
@pytest.mark.parametrize("clip", CLIPS, ids=lambda path: path.name)
def test_real_clips_are_exact_at_every_frame(clip):
    wanted, film = decoded(clip), open_film(clip)
    assert film.frames == len(wanted)
    order = np.random.default_rng(1).permutation(len(wanted))[:70]
    assert [hash(film.frame(int(index)).tobytes()) for index in order] == [wanted[index] for index in order]


@pytest.mark.parametrize(("name", "codec"), KINDS[:3])
def test_steps_back_are_as_exact_as_any(tmp_path, name, codec):
    film = open_film(make_video(tmp_path / name, 90, codec))
    way = [*range(89, 40, -1), 41, 42, 41, 40, 70, 69, 68, *range(3, -1, -1)]
    assert [number_in(film.frame(index)) for index in way] == way


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 199), min_size=1, max_size=12))
def test_the_way_to_a_frame_does_not_matter(tmp_path_factory, way):
    path = tmp_path_factory.getbasetemp() / "way.mp4"
    film = open_film(path if path.exists() else make_video(path, 200))
    assert [number_in(film.frame(index)) for index in way] == way


def test_films_in_dicom_are_read_like_videos():
    path = Path(get_testdata_file("examples_ybr_color.dcm", download=False))
    film = open_film(path)
    assert film.frames == 30
    assert film.frame(29).shape == (240, 320, 3)
    assert not np.array_equal(film.frame(29), film.frame(0))
    assert holds_film(path)
    with pytest.raises(UnreadableImage, match="take frames from it"):
        read_image(path)


def test_frames_of_dicom_are_counted(tmp_path):
    pictures = np.stack([np.full((40, 48, 3), 20 * n, np.uint8) for n in range(5)])
    (tmp_path / "a.dcm").write_bytes(dicom_bytes(pictures, NumberOfFrames=9999))
    film = open_film(tmp_path / "a.dcm")
    assert [int(film.frame(n).mean()) for n in range(film.frames)] == [0, 20, 40, 60, 80]
    (tmp_path / "one.dcm").write_bytes(dicom_bytes(pictures[0]))
    assert not holds_film(tmp_path / "one.dcm")


# --- hostile files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"no film at all", "no mp4"),
        (b"\0\0\0\x20ftypisom" + b"\0" * 5000, "damaged"),
        (b"\x1a\x45\xdf\xa3" + b"\1" * 5000, "damaged"),
        (b"RIFF\0\0\0\0AVI LIST" + b"\2" * 500, "damaged"),
        (b"\0\0\0\x20ftypisom" + b"\0" * 500 + b"encv" + b"\0" * 500, "encrypted"),
    ],
)
def test_what_is_no_video_is_a_sentence(tmp_path, data, reason):
    path = tmp_path / "film.mp4"
    path.write_bytes(data)
    assert reason in refusal(path)


def test_a_missing_file_and_a_folder_are_sentences(tmp_path):
    assert "no such file" in refusal(tmp_path / "gone.mp4")
    assert "it is a folder" in refusal(tmp_path)


@pytest.mark.slow
def test_a_playlist_named_as_a_video_opens_no_socket_and_no_other_file(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        path = tmp_path / "film.mp4"
        path.write_text(f"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:{server.getsockname()[1]}/a.ts\n")
        assert "no mp4" in refusal(path)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_cut_video_has_the_frames_that_are_there_or_none(tmp_path):
    whole = make_video(tmp_path / "a.avi", 120, "MJPG").read_bytes()
    (tmp_path / "cut.avi").write_bytes(whole[: len(whole) // 2])  # says 120
    film = open_film(tmp_path / "cut.avi")
    assert 30 < film.frames < 90
    assert number_in(film.frame(film.frames - 2)) == film.frames - 2
    mp4 = make_video(tmp_path / "a.mp4", 120).read_bytes()
    (tmp_path / "cut.mp4").write_bytes(mp4[: len(mp4) // 2])  # its table is at the end
    assert "damaged" in refusal(tmp_path / "cut.mp4")


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["mp4", "avi", "mkv"]), st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=40))
def test_damage_gives_frames_or_a_sentence(tmp_path_factory, kind, changes):
    folder = tmp_path_factory.getbasetemp()
    path = folder / f"whole.{kind}"
    data = bytearray((path if path.exists() else make_video(path, 60)).read_bytes())
    for place, byte in changes:
        data[12 + int(place * (len(data) - 12))] = byte
    (folder / f"damaged.{kind}").write_bytes(data)
    try:
        film = open_film(folder / f"damaged.{kind}")
        for index in {0, film.frames // 2, film.frames - 1}:
            assert film.frame(index).ndim == 3
    except UnreadableImage:
        return


def test_a_video_without_end_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(video, "MAX_FRAMES", 50)
    assert "no end" in refusal(make_video(tmp_path / "a.mp4", 60))


@pytest.mark.slow
def test_opening_can_be_cancelled(tmp_path):
    task = TaskContext()
    task.cancel()
    with pytest.raises(Cancelled):
        open_film(make_video(tmp_path / "a.mp4", 600), task)
