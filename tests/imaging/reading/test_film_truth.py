"""What a film's frames show, and how many there are, is what presentation gives; a frame that is not proven is a sentence."""

import os
import struct
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame
from film_refusals import refusal
from videos import HEIGHT, WIDTH, make_video, number_in, picture_of

from endodesk.domain.errors import UnreadableImage
from endodesk.imaging.reading.films import open_film

pytestmark = pytest.mark.slow

CASES = Path(__file__).parents[4] / "shared" / "cases"
FRAMES = 40
PAL = (720, 576)
KINDS = [
    ("x264, interlaced.mp4", "libx264", {"x264-params": "tff=1:keyint=12:open-gop=1"}),
    ("mpeg2, interlaced.mpg", "mpeg2video", {"flags": "+ildct+ilme", "bf": "2"}),
    ("mpeg2, interlaced.mov", "mpeg2video", {"flags": "+ildct+ilme", "bf": "2"}),
    ("dv.avi", "dvvideo", {"size": PAL}),
    ("dv.mov", "dvvideo", {"size": PAL}),
    ("prores.mov", "prores_ks", {"pixels": "yuv422p10le", "flags": "+ildct"}),
    ("x265, open groups.mp4", "libx265", {"x265-params": "keyint=12:open-gop=1:log-level=none", "preset": "ultrafast"}),
    ("vp8, hidden frames.webm", "libvpx", {"auto-alt-ref": "1", "lag-in-frames": "16", "deadline": "realtime", "cpu-used": "8"}),
    ("vp9.webm", "libvpx-vp9", {"deadline": "realtime", "cpu-used": "8"}),
    ("ffv1.mkv", "ffv1", {"pixels": "bgr0"}),
    ("ut.avi", "utvideo", {"pixels": "gbrp"}),
    ("huffyuv.avi", "huffyuv", {"pixels": "yuv422p"}),
    ("b-frames.avi", "mpeg4", {"bf": "2"}),
    ("times of all lengths.mkv", "libx264", {"ticks": [100 + n * n for n in range(FRAMES)]}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "codec", "how"), KINDS, ids=[kind[0] for kind in KINDS])
def test_every_kind_shows_each_frame_in_its_place(tmp_path, name, codec, how):
    film = open_film(make_video(tmp_path / name, FRAMES, codec, **how))
    assert film.frames == FRAMES
    for index in (39, 0, 20, 21, 19, 18, 5, 38, 11, 12, 13):
        picture = cv2.resize(film.frame(index), (WIDTH, HEIGHT))
        assert number_in(picture) == index
        assert np.abs(picture.astype(int) - cv2.resize(picture_of(index), (WIDTH, HEIGHT))).mean() < 12  # coded; another frame: 25 and more
    film.close()


def test_times_of_all_lengths_are_kept(tmp_path):
    film = open_film(make_video(tmp_path / "a.mkv", FRAMES, "libx264", ticks=[100 + n * n for n in range(FRAMES)]))
    assert film.seconds(0) == 0
    assert film.seconds(30) == pytest.approx(900 / 25, abs=0.001)
    assert film.at(film.seconds(30)) == 30
    assert film.at(film.seconds(30) - 0.05) == 29


def test_colours_and_chroma_of_interlaced_frames_are_those_of_the_film(tmp_path):
    """Red and blue halves, still: no trace of another frame, of black or of old memory."""
    path = make_film(tmp_path / "a.mp4", [halves() for _ in range(12)], "libx264", {"x264-params": "tff=1", "qp": "4"})
    for index in (0, 7, 11):
        assert np.abs(open_film(path).frame(index).astype(int) - halves()).mean() < 4


@pytest.mark.parametrize(("name", "numbers"), [("interlaced.mp4", range(50)), ("trimmed.mp4", range(33, 50)), ("av1.mp4", range(50))])
def test_the_failing_inputs_of_old_show_the_numbers_they_carry(name, numbers):
    if not (CASES / name).is_file():
        pytest.skip("the shared cases are not here")
    film = open_film(CASES / name)
    assert [shown_by_blocks(film.frame(index)) for index in range(film.frames)] == list(numbers)
    assert film.seconds(film.frames - 1) == pytest.approx((len(numbers) - 1) / 25, abs=0.001)


def shown_by_blocks(rgb: np.ndarray) -> int:
    return sum(1 << bit for bit in range(6) if rgb[4:12, 16 * bit + 4 : 16 * bit + 12].mean() > 127)


CUTTABLE = {
    "libx264": {"x264-params": "keyint=20:bframes=2"},
    "libx265": {"x265-params": "keyint=20:bframes=2:log-level=none"},
    "mpeg2video": {"g": "20", "b": "8000000"},
    "mpeg4": {"g": "20"},
}


@pytest.mark.parametrize("codec", CUTTABLE)
def test_frames_that_an_edit_list_hides_are_neither_counted_nor_shown(tmp_path, codec):
    whole = make_video(tmp_path / "whole.mp4", FRAMES, codec, **CUTTABLE[codec])
    data = bytearray(whole.read_bytes())
    place = data.index(b"elst") + 4 + 8  # version and flags, number of entries
    scale = struct.unpack_from(">I", data, data.index(b"mdhd") + 4 + 12)[0]
    length, start = struct.unpack_from(">Ii", data, place)
    struct.pack_into(">Ii", data, place, length * 27 // FRAMES, start + 13 * scale // 25)
    (tmp_path / "cut.mp4").write_bytes(data)
    film = open_film(tmp_path / "cut.mp4")
    assert [number_in(film.frame(index)) for index in range(film.frames)] == list(range(13, FRAMES))
    assert film.frame(26) is not None
    assert number_in(film.frame(0)) == 13


# --- turned and mirrored ----------------------------------------------------------------------------------------------

ONE = 1 << 16
TURNS = {
    "hflip": ((-ONE, 0, 0, ONE), lambda a: a[:, ::-1]),
    "vflip": ((ONE, 0, 0, -ONE), lambda a: a[::-1]),
    "half": ((-ONE, 0, 0, -ONE), lambda a: a[::-1, ::-1]),
    "right": ((0, ONE, -ONE, 0), lambda a: np.rot90(a, -1)),
    "left": ((0, -ONE, ONE, 0), lambda a: np.rot90(a)),
    "transposed": ((0, ONE, ONE, 0), lambda a: a.swapaxes(0, 1)),
    "transposed over": ((0, -ONE, -ONE, 0), lambda a: a[::-1, ::-1].swapaxes(0, 1)),
}


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    return make_video(tmp_path_factory.mktemp("straight") / "a.mp4", 3)


def with_matrix(path: Path, target: Path, matrix: tuple[int, int, int, int]) -> Path:
    data = bytearray(path.read_bytes())
    a, b, c, d = matrix
    struct.pack_into(">9i", data, data.index(b"tkhd") + 44, a, b, 0, c, d, 0, 0, 0, 1 << 30)
    target.write_bytes(data)
    return target


@pytest.mark.parametrize("name", TURNS)
def test_turned_and_mirrored_films_stand_upright(tmp_path, straight, name):
    matrix, turned = TURNS[name]
    film = open_film(with_matrix(straight, tmp_path / "a.mp4", matrix))
    assert np.array_equal(film.frame(1), turned(open_film(straight).frame(1)))


def test_a_slanted_film_is_a_sentence(tmp_path, straight):
    film = open_film(with_matrix(straight, tmp_path / "a.mp4", (46341, 46341, -46341, 46341)))
    with pytest.raises(UnreadableImage, match=r"^Frame 1 of a.mp4 cannot be shown: .* 45 degrees"):
        film.frame(0)


# --- colours ----------------------------------------------------------------------------------------------------------


def halves() -> np.ndarray:
    picture = np.zeros((96, 128, 3), np.uint8)
    picture[:, :64], picture[:, 64:] = (200, 40, 30), (30, 60, 190)
    return picture


def make_film(path: Path, pictures: list[np.ndarray], codec: str, options: dict[str, str], **told: int) -> Path:
    """Of RGB pictures; `told` is a matrix (`colorspace`) and range (`color_range`) by FFmpeg's numbers, that the pixels are coded by."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream(codec, rate=25, options=options)
        stream.height, stream.width = pictures[0].shape[:2]
        stream.pix_fmt = "yuv444p"
        for name, value in told.items():
            setattr(stream.codec_context, name, value)
        for number, picture in enumerate(pictures):
            frame = yuv_of(picture, told.get("colorspace", 5), is_full=told.get("color_range") == 2)
            frame.pts, frame.time_base = number, Fraction(1, 25)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


def yuv_of(picture: np.ndarray, matrix: int, *, is_full: bool) -> VideoFrame:
    """By the standards' own formula."""
    red, blue = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 9: (0.2627, 0.0593)}[matrix]
    r, g, b = (picture[..., channel] / 255.0 for channel in range(3))
    y = red * r + (1 - red - blue) * g + blue * b
    parts = (y, (b - y) / (2 - 2 * blue), (r - y) / (2 - 2 * red))
    scales = ((255, 0), (255, 128), (255, 128)) if is_full else ((219, 16), (224, 128), (224, 128))
    planes = [np.rint(part * scale + zero).clip(0, 255).astype(np.uint8) for part, (scale, zero) in zip(parts, scales, strict=True)]
    frame = VideoFrame.from_ndarray(np.stack(planes), format="yuv444p")
    frame.colorspace, frame.color_range = matrix, 2 if is_full else 1
    return frame


@pytest.mark.parametrize("matrix", [1, 5, 9], ids=["BT.709", "BT.601", "BT.2020"])
@pytest.mark.parametrize("extent", [1, 2], ids=["limited", "full"])
def test_colours_are_those_that_matrix_and_range_say(tmp_path, matrix, extent):
    path = make_film(tmp_path / "a.mp4", [halves()] * 2, "libx264", {"qp": "1"}, colorspace=matrix, color_range=extent)
    assert np.abs(open_film(path).frame(1).astype(int) - halves()).max() <= 4


def test_high_dynamic_range_is_a_sentence(tmp_path):
    path = make_film(tmp_path / "a.mp4", [halves()] * 2, "libx264", {}, color_trc=16)
    assert "high dynamic range (PQ)" in refusal(path)


# --- what is not proven -----------------------------------------------------------------------------------------------


def packets_of(path: Path) -> list[bytes]:
    with av.open(str(path)) as film:
        return [bytes(packet) for packet in film.demux(video=0) if packet.size]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp4", "mp4v"), ("a.mp4", "libx264"), ("a.mkv", "libx265"), ("a.avi", "MJPG"), ("a.mov", "prores_ks")]
)
def test_a_damaged_packet_is_a_sentence_and_shifts_no_number(tmp_path, name, codec, capfd):
    how = {"x265-params": "log-level=none:keyint=15"} if codec == "libx265" else {"g": "15"}
    path = make_video(tmp_path / name, 60, codec, pixels="yuv422p10le" if codec == "prores_ks" else "", **how)
    data, packet = path.read_bytes(), packets_of(path)[20]
    assert packet in data
    path.write_bytes(data.replace(packet, b"\xff" * len(packet)))
    film, told, right = open_film(path), "", 0
    for index in range(film.frames):
        try:
            assert number_in(film.frame(index)) == index
            right += 1
        except UnreadableImage as error:
            told = str(error)
    assert film.frames == 60
    assert "cannot be decoded: the video is damaged there." in told
    assert right > 35
    assert capfd.readouterr().err == ""


def test_frames_of_another_size_are_a_sentence(tmp_path):
    first = make_video(tmp_path / "a.mpg", 30, "PIM1").read_bytes()
    second = make_video(tmp_path / "b.mpg", 30, "PIM1", size=(320, 240)).read_bytes()
    (tmp_path / "both.mpg").write_bytes(first + second)
    film = open_film(tmp_path / "both.mpg")
    assert film.frame(3).shape == (HEIGHT, WIDTH, 3)
    with pytest.raises(UnreadableImage, match=r"another size \(320 x 240\)|damaged there"):
        film.frame(film.frames - 2)


def test_a_film_coded_in_an_unknown_way_says_so(tmp_path):
    known = make_video(tmp_path / "a.mp4", 3, "libx264").read_bytes()
    (tmp_path / "a.mp4").write_bytes(known.replace(b"avc1", b"zz9q"))
    assert "is not known here. Export it as H.264" in refusal(tmp_path / "a.mp4")


def test_sound_alone_is_no_film(tmp_path):
    with av.open(str(tmp_path / "a.mp4"), "w") as film:
        stream = film.add_stream("aac", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4096), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48000
        film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    assert "only sound" in refusal(tmp_path / "a.mp4")


def test_a_download_that_ended_too_early_is_called_so(tmp_path, straight):
    data = straight.read_bytes()
    (tmp_path / "a.mp4").write_bytes(data[: data.index(b"moov") - 200])
    assert "the file ends too early. Copy it again from its source" in refusal(tmp_path / "a.mp4")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_never_opened(tmp_path):
    os.mkfifo(tmp_path / "a.mp4")
    assert "it is a pipe, a socket or a device, not a file" in refusal(tmp_path / "a.mp4")
