"""FFmpeg's side of a film, the only place that knows PyAV: packets told without decoding, frames decoded, pixels converted."""

import math
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.sidedata.sidedata import Type
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, ColorTrc, Interpolation, VideoReformatter
from av.video.stream import VideoStream as AvStream
from numpy.typing import NDArray

from endodesk.domain.errors import UnreadableImage
from endodesk.domain.images import printable
from endodesk.imaging.pixels import RGB
from endodesk.imaging.reading.read import MIN_SIDE_PX
from endodesk.imaging.reading.video_kind import kind_of
from endodesk.system.plain_files import open_plain
from endodesk.system.task import TaskContext

MAX_PIXELS = 8192 * 4320
"""Of a frame: 8K. Decoders hold up to sixteen at a time."""
_HELD_BYTES = 32
"""A pixel: sixteen frames of 1.5, and one on its way to RGB."""
# Why: docs/decisions/imaging.md 17
_OPTIONS = {"protocol_whitelist": "file", "max_pixels": str(MAX_PIXELS), "threads": "1"}
_TIMEOUT_S = 10.0  # for a share that has gone; a file here is read in much less
_THREADS = 2
_BRIGHTER: dict[int, str] = {ColorTrc.SMPTE2084: "PQ", ColorTrc.ARIB_STD_B67: "HLG"}
_ORDINARY_MATRICES = {0, 1, 2, 4, 5, 6, 7, 9, 10}
"""What swscale has coefficients for, by FFmpeg's numbers: BT.709, FCC, BT.601, SMPTE 240M, BT.2020; 0 is RGB, 2 untold."""
_MARKS_DAMAGE = ("h264",)
"""It marks what it patched, and gives nothing before it can be right; the others are told to stop at damage."""
_PREDICTS = ("hevc", "vp8", "vp9", "mpeg1video", "mpeg2video", "mpeg4", "msmpeg4", "msmpeg4v1", "msmpeg4v2", "wmv1", "wmv2", "wmv3", "vc1")
"""They show what they predict from nothing, if a film begins with such a frame."""
_SMALL = {"mpeg4": 16, "msmpeg4": 16, "msmpeg4v1": 16, "msmpeg4v2": 16, "wmv1": 16, "wmv2": 16, "wmv3": 16, "vc1": 16}
"""Below so many bytes a packet may be a mere "as before", for which these decoders give no frame."""


class CannotBeShown(Exception):
    """A decoded picture that has no right RGB here; the words say why, to stand behind a colon."""


@dataclass(frozen=True, slots=True)
class Packets:
    """What the packets that are presented say, in the order of the file; times in ticks, None where there is none."""

    times: list[int | None]
    keys: list[bool]
    are_frames: bool
    """Whether each gives one frame, as far as their first bytes tell."""
    begin_hidden: bool = False
    """Whether the file begins with a key frame that its edit list hides: what is shown is predicted from it."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """One frame as the decoder gave it."""

    time: int | None
    """By which it is known, in ticks; None where its packet has none."""
    clock: int | None
    """When its packet was due, in ticks: what tells when it is shown where times are of no use."""
    is_key: bool
    is_corrupt: bool
    picture: VideoFrame


class VideoStream:
    """The film's one video stream, from some place on. UnreadableImage with a sentence if it cannot be opened."""

    def __init__(self, path: Path) -> None:
        self._path, self._name = path, printable(path.name)
        self._demuxer = kind_of(path)
        self._converter = VideoReformatter()
        self._open()
        try:
            self._refuse_unshowable()
        except BaseException:
            self.close()
            raise

    @property
    def rate(self) -> float:
        """Frames a second, as the file says; 25 if it says nothing that can be."""
        for told in (self._stream.average_rate, self._stream.guessed_rate):
            if told and 0.01 <= told <= 1000:
                return float(told)
        return 25.0

    @property
    def tick_s(self) -> Fraction:
        """Seconds a tick."""
        return self._stream.time_base or Fraction(1, 1000)

    @property
    def holds_back(self) -> bool:
        """Whether frames may be decoded in another order than they are shown in."""
        return bool(self._decoder.has_b_frames)

    @property
    def begins_well(self) -> bool:
        """Whether the first frame is believed though the decoder does not call it a key frame (some, such as qtrle's, call none so)."""
        return self._decoder.name not in _PREDICTS

    @property
    def decoding_bytes(self) -> int:
        """About how much the decoder and the way to RGB fill at most."""
        return _HELD_BYTES * self._decoder.width * self._decoder.height

    @property
    def frame_bytes(self) -> int:
        """Nearly, of one decoded frame."""
        return 3 * self._decoder.width * self._decoder.height

    def close(self) -> None:
        """Let go of the file."""
        self._container.close()

    def restart(self) -> None:
        """Go to the beginning, as if just opened."""
        self.close()
        self._open()

    def jump(self, time: int) -> bool:
        """Go to a key frame at or before a time, as the file's own table says it; False if that cannot be done."""
        try:
            self._container.seek(time, stream=self._stream)
        except (av.FFmpegError, ValueError, OverflowError):
            return False
        return True

    # --- what comes next ----------------------------------------------------------------------------------------------

    def packets(self, task: TaskContext, most: int) -> Packets:
        """Of the whole film, without decoding: those that its edit list hides are left out. Cancelled by the task."""
        times: list[int | None] = []
        keys: list[bool] = []
        are_frames, begin_hidden, claimed = True, None, self._stream.frames
        for packet in self._read():
            if begin_hidden is None:
                begin_hidden = packet.is_discard and packet.is_keyframe
            if packet.is_discard:
                continue
            times.append(packet.pts)
            keys.append(packet.is_keyframe)
            are_frames = are_frames and not packet.is_corrupt and self._is_frame(packet)
            if len(times) % 500 == 0:
                task.report(len(times), max(claimed, len(times) + 1))
            if len(times) >= most:
                break
        return Packets(times, keys, are_frames, bool(begin_hidden))

    def decoded(self) -> Iterator[Decoded | None]:
        """Frames in the order they are shown in, from here on; None where something could not be decoded."""
        decoder = self._decoder
        for packet in self._to_decode():
            try:
                frames = decoder.decode(packet)
            except EOFError:
                return
            except (av.FFmpegError, ValueError):
                yield None
                continue
            for frame in frames:
                yield Decoded(frame.pts, frame.dts, bool(frame.key_frame), frame.is_corrupt, frame)

    def _to_decode(self) -> "Iterator[Packet[AvStream] | None]":
        yield from self._read()
        yield None  # the decoder gives what it held back

    def _read(self) -> "Iterator[Packet[AvStream]]":
        with suppress(av.FFmpegError):  # FFmpeg's own command ends there too
            # an empty packet would tell the decoder that the film ends
            yield from (packet for packet in self._container.demux(self._stream) if packet.size)

    def _is_frame(self, packet: "Packet[AvStream]") -> bool:
        name = self._decoder.name
        if packet.size < _SMALL.get(name, 0):
            return False
        if name in ("vp8", "vp9"):  # pictures to predict from that are never shown
            head, last = memoryview(packet)[0], memoryview(packet)[packet.size - 1]
            return bool(head & 16) if name == "vp8" else bool(head & 10) or last & 0xE0 == 0xC0
        return True

    # --- pixels -------------------------------------------------------------------------------------------------------

    def rgb(self, decoded: Decoded) -> RGB:
        """Upright, H x W x 3, by FFmpeg's own converter with the frame's own matrix and range; CannotBeShown says why not."""
        picture = decoded.picture
        if (picture.width, picture.height) != self._size:
            raise CannotBeShown(f"from there on its pictures have another size ({picture.width} x {picture.height}). Cut the film there")
        if "rgb" not in picture.format.name and int(picture.colorspace) not in _ORDINARY_MATRICES:
            raise CannotBeShown("its colours are coded in a way that is not known here. Export the film as H.264")
        try:
            converted = self._converter.reformat(
                _plain(picture), format="rgb24", interpolation=Interpolation.BICUBIC, dst_color_range=ColorRange.JPEG, threads=1
            )
        except (av.FFmpegError, ValueError, MemoryError) as error:
            raise CannotBeShown(f"its pixels ({picture.format.name}) cannot be converted. Export the film as H.264") from error
        pixels = upright(np.asarray(converted.to_ndarray(), np.uint8), _matrix(picture))
        pixels.flags.writeable = False
        return pixels

    # --- opening ------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        try:
            self._container = self._open_container()
        except (av.FFmpegError, OSError, ValueError) as error:
            raise self.refused("it is damaged, or of a kind that cannot be decoded") from error
        try:
            self._stream = self._shown_stream(self._container)
            self._decoder = self._stream.codec_context
            self._size = (self._decoder.width, self._decoder.height)
            self._decoder.thread_count, self._decoder.thread_type = _THREADS, "AUTO"
            self._decoder.options = {"max_pixels": str(MAX_PIXELS)}
            if self._decoder.name not in _MARKS_DAMAGE:
                self._decoder.options["err_detect"] = "crccheck+bitstream+explode"
        except BaseException:
            self._container.close()
            raise

    # Why: docs/decisions/system.md 4
    def _open_container(self) -> InputContainer:
        """By a descriptor of the very file that was seen to be a plain one; by its name on Windows, which has no pipes among files."""
        if os.name == "nt":
            return av.open(str(self._path.absolute()), format=self._demuxer, options=_OPTIONS, timeout=_TIMEOUT_S)
        with open_plain(self._path) as stream:  # FFmpeg keeps a copy of the descriptor
            options = {**_OPTIONS, "protocol_whitelist": "fd", "fd": str(stream.fileno())}
            return av.open("fd:", format=self._demuxer, options=options, timeout=_TIMEOUT_S)

    def _shown_stream(self, container: InputContainer) -> AvStream:
        """As FFmpeg's own command chooses: the largest, a default one first; a cover is no film."""
        streams = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
        if not streams:
            raise self.refused("it holds no film, only sound or a cover" if container.streams else "it is damaged: it holds nothing")
        known = [stream for stream in streams if stream.codec_context is not None]
        if not known:
            raise self.refused("the way its film is coded is not known here. Export it as H.264")
        return max(
            known, key=lambda stream: stream.width * stream.height + 5_000_000 * bool(stream.disposition & stream.disposition.default)
        )

    def _refuse_unshowable(self) -> None:
        width, height = self._size
        if not width or not height:
            raise self.refused("it is damaged, or of a kind that cannot be decoded")
        if width * height > MAX_PIXELS or min(width, height) < MIN_SIDE_PX:
            raise self.refused("its frames have a size that is not opened here")
        brighter = _BRIGHTER.get(self._decoder.color_trc)
        if brighter:
            raise self.refused(f"its colours are of high dynamic range ({brighter}). Export it with the standard colours of BT.709")

    def refused(self, why: str) -> UnreadableImage:
        """The sentence for a film that cannot be opened."""
        return UnreadableImage(f"{self._name} cannot be opened as a video: {why}.")


def _plain(picture: VideoFrame) -> VideoFrame:
    """The same picture without marks of interlacing and of where its colours were sampled, as FFmpeg's own command converts it."""
    # Why: docs/decisions/imaging.md 19
    parts = picture.format.components
    is_deep = parts[0].bits > 8 and any((part.width, part.height) != (parts[0].width, parts[0].height) for part in parts)
    if not picture.interlaced_frame and not is_deep:
        return picture
    plain = VideoFrame(picture.width, picture.height, picture.format.name)
    for source, target in zip(picture.planes, plain.planes, strict=True):
        rows, width = source.height, min(source.line_size, target.line_size)
        to = _bytes_of(target).reshape(-1, target.line_size)
        to[:rows, :width] = _bytes_of(source).reshape(-1, source.line_size)[:rows, :width]
    plain.colorspace, plain.color_range = picture.colorspace, picture.color_range
    return plain


def _bytes_of(plane: Any) -> NDArray[np.uint8]:
    return np.frombuffer(plane, np.uint8)


def _matrix(picture: VideoFrame) -> tuple[int, ...] | None:
    """The display matrix, 3 x 3 row by row; None without one."""
    sides: Iterable[Any] = picture.side_data  # PyAV's own declaration has them as words
    for side in sides:
        if side.type == Type.DISPLAYMATRIX:
            return tuple(int(value) for value in np.frombuffer(side, "=i4")[:9])
    return None


def upright(pixels: RGB, matrix: tuple[int, ...] | None) -> RGB:
    """Turned and mirrored as FFmpeg's own command does it by a display matrix; CannotBeShown for slanted ones."""
    if matrix is None:
        return np.ascontiguousarray(pixels)
    across, down = math.hypot(matrix[0], matrix[3]), math.hypot(matrix[1], matrix[4])
    turn = round(math.degrees(math.atan2(matrix[1] / down, matrix[0] / across))) % 360 if across and down else 0
    if turn == 90:
        pixels = pixels.swapaxes(0, 1) if matrix[3] > 0 else pixels.swapaxes(0, 1)[:, ::-1]
    elif turn == 180:
        pixels = pixels[:: -1 if matrix[4] < 0 else 1, :: -1 if matrix[0] < 0 else 1]
    elif turn == 270:
        pixels = pixels.swapaxes(0, 1)[::-1, ::-1] if matrix[3] < 0 else pixels.swapaxes(0, 1)[::-1]
    elif turn:
        raise CannotBeShown(f"it is to be shown turned by {turn} degrees. Export the film upright")
    elif matrix[4] < 0:
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)
