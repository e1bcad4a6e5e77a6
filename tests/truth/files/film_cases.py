"""Films: codecs, containers, pixel formats, colour tags, interlacing, edit lists, display matrices, odd times; and broken ones."""

from collections.abc import Iterator
from pathlib import Path

from .case import Case, Film, Make, command
from .film_writer import FLIPS, FRAMES, changed, copied, cut, encoded, holed, shown_by, with_matrix
from .picture import RGB, Within, numbered

_X264 = "-c:v libx264 -preset veryfast -crf 12 -g 12"
_NUMBERS = tuple(range(FRAMES))


def cases() -> Iterator[Case]:
    """All."""
    yield from _codecs()
    yield from _pixel_formats()
    yield from _interlaced()
    yield from _coloured()
    yield from _ordered()
    yield from _edited()
    yield from _turned()
    yield from _timed()
    yield from _held_otherwise()
    yield from _broken()


def _film(name: str, make: Make, *, numbers: tuple[int, ...] | None = _NUMBERS, within: Within | None = None, **more: object) -> Film:
    return Film("film", name, make, numbers=numbers, **({"within": within} if within else {}), **more)


def _codecs() -> Iterator[Case]:
    table = {
        "libx264": (f"{_X264} -pix_fmt yuv420p", "mp4 mov mkv avi m4v ts flv"),
        "libx265": ("-c:v libx265 -preset ultrafast -crf 12 -x265-params log-level=none:keyint=12 -pix_fmt yuv420p", "mp4 mov mkv ts"),
        "mpeg1video": ("-c:v mpeg1video -q:v 2", "mpg mkv avi"),
        "mpeg2video": ("-c:v mpeg2video -q:v 2 -bf 2", "mpg mkv mp4 ts avi mov"),
        "mpeg4": ("-c:v mpeg4 -q:v 2", "mp4 avi mkv m4v mov"),
        "mpeg4-b": ("-c:v mpeg4 -q:v 2 -bf 2", "mp4 avi mkv"),
        "libxvid": ("-c:v libxvid -q:v 2", "avi mp4"),
        "msmpeg4v2": ("-c:v msmpeg4v2 -q:v 2", "avi wmv"),
        "msmpeg4": ("-c:v msmpeg4 -q:v 2", "avi wmv mkv"),
        "wmv1": ("-c:v wmv1 -q:v 2", "wmv avi"),
        "wmv2": ("-c:v wmv2 -q:v 2", "wmv avi mkv asf"),
        "mjpeg": ("-c:v mjpeg -q:v 2", "avi mov mkv mp4"),
        "prores_ks": ("-c:v prores_ks -profile:v 2", "mov mkv"),
        "ffv1": ("-c:v ffv1 -pix_fmt yuv420p", "mkv avi mov"),
        "huffyuv": ("-c:v huffyuv -pix_fmt yuv422p", "avi mkv"),
        "utvideo": ("-c:v utvideo -pix_fmt yuv420p", "avi mkv mov"),
        "libvpx": ("-c:v libvpx -deadline realtime -cpu-used 5 -b:v 4M -auto-alt-ref 1", "webm mkv avi"),
        "libvpx-vp9": ("-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 4M", "webm mkv mp4"),
        "libaom-av1": ("-c:v libaom-av1 -cpu-used 8 -usage realtime -crf 20", "mp4 mkv webm"),
        "libsvtav1": ("-c:v libsvtav1 -preset 12 -crf 20", "mp4 mkv"),
        "rawvideo": ("-c:v rawvideo -pix_fmt yuv420p", "avi mkv"),
        "h263": ("-c:v h263 -q:v 2", "3gp avi"),
        "flv1": ("-c:v flv -q:v 2", "flv avi"),
        "cinepak": ("-c:v cinepak -frames:v 6", "avi mov"),
        "svq1": ("-c:v svq1 -q:v 2", "mov"),
        "qtrle": ("-c:v qtrle -pix_fmt rgb24", "mov"),
        "png": ("-c:v png", "mov avi mkv"),
        "jpeg2000": ("-c:v jpeg2000 -q:v 2", "mov mkv"),
        "libtheora": ("-c:v libtheora -q:v 9", "ogv mkv"),
        "magicyuv": ("-c:v magicyuv -pix_fmt yuv444p", "avi"),
        "cfhd": ("-c:v cfhd", "mov"),
        "msvideo1": ("-c:v msvideo1", "avi"),
        "vc2": ("-c:v vc2", "mov mkv"),
        "zmbv": ("-c:v zmbv", "avi"),
        "gif": ("-c:v gif", "gif"),
    }
    for codec, (options, suffixes) in table.items():
        for suffix in suffixes.split():
            yield _film(
                f"{codec}.{suffix}",
                encoded(options),
                numbers=None if codec == "cinepak" else _NUMBERS,
                timed=suffix not in ("mpg", "avi", "gif"),
            )
    yield _film("dnxhr.mov", encoded("-c:v dnxhd -profile:v dnxhr_sq -pix_fmt yuv422p", size=(320, 192)))
    for rate, size, suffixes in ((25, (720, 576), "avi mov dv mkv"), (30, (720, 480), "avi mov")):
        more = {"size": size, "frames": 12, "rate": rate}
        pixels = "yuv420p" if rate == 25 else "yuv411p -r 30000/1001"
        for suffix in suffixes.split():
            yield _film(f"dv-{rate}.{suffix}", encoded(f"-c:v dvvideo -pix_fmt {pixels}", **more), numbers=None)


def _pixel_formats() -> Iterator[Case]:
    for pixels in ("yuv422p", "yuv444p", "yuvj420p", "yuvj444p", "gray", "yuv420p10le", "yuv422p10le", "yuv444p10le", "nv12"):
        yield _film(f"x264-{pixels}.mp4", encoded(f"{_X264} -pix_fmt {pixels}"))
    yield _film("x264-rgb.mp4", encoded("-c:v libx264rgb -preset veryfast -crf 8"))
    yield _film("x264-lossless.mkv", encoded("-c:v libx264 -preset veryfast -qp 0 -pix_fmt yuv444p"))
    for pixels in ("yuv422p10le", "yuv444p12le", "gray"):
        quick = "-c:v libx265 -preset ultrafast -crf 12 -x265-params log-level=none"
        yield _film(f"x265-{pixels}.mkv", encoded(f"{quick} -pix_fmt {pixels}"))
    for pixels in ("yuv444p", "gray", "yuv420p10le", "yuv422p16le", "bgr0", "gray16le", "gbrp10le", "yuv411p", "yuv410p"):
        yield _film(f"ffv1-{pixels}.mkv", encoded(f"-c:v ffv1 -pix_fmt {pixels}"))
    for pixels in ("bgr24", "uyvy422", "yuyv422", "rgb555le", "gray", "bgra"):
        yield _film(f"raw-{pixels}.avi", encoded(f"-c:v rawvideo -pix_fmt {pixels}"))
    for pixels in ("rgb24", "uyvy422"):
        yield _film(f"raw-{pixels}.mov", encoded(f"-c:v rawvideo -pix_fmt {pixels}"))
    yield _film("huffyuv-rgb.avi", encoded("-c:v huffyuv -pix_fmt rgb24"))
    yield _film("ffvhuff-yuv420p10.mkv", encoded("-c:v ffvhuff -pix_fmt yuv420p10le"))
    for pixels in ("gbrp", "yuv422p", "yuv444p"):
        yield _film(f"utvideo-{pixels}.avi", encoded(f"-c:v utvideo -pix_fmt {pixels}"))
    for pixels in ("yuvj422p", "yuvj444p", "yuv420p -strict unofficial"):
        yield _film(f"mjpeg-{pixels.split()[0]}.avi", encoded(f"-c:v mjpeg -q:v 2 -pix_fmt {pixels}"))
    yield _film("prores-4444.mov", encoded("-c:v prores_ks -profile:v 4 -pix_fmt yuv444p10le"))
    yield _film("v210.mov", encoded("-c:v v210 -pix_fmt yuv422p10le"))
    yield _film("vp9-444.webm", encoded("-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 4M -pix_fmt yuv444p"))
    yield _film("vp9-10.webm", encoded("-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 4M -pix_fmt yuv420p10le"))
    yield _film("av1-10.mp4", encoded("-c:v libaom-av1 -cpu-used 8 -usage realtime -crf 20 -pix_fmt yuv420p10le"))


def _interlaced() -> Iterator[Case]:
    ways = {
        "x264": (f"{_X264} -pix_fmt yuv420p -flags +ildct+ilme", "mp4 mkv"),
        "x264-422": (f"{_X264} -pix_fmt yuv422p -flags +ildct+ilme", "mov"),
        "mpeg2": ("-c:v mpeg2video -q:v 2 -bf 2 -flags +ildct+ilme", "mpg mp4 mkv"),
        "mpeg2-422": ("-c:v mpeg2video -q:v 2 -pix_fmt yuv422p -flags +ildct+ilme", "mkv"),
        "mpeg4": ("-c:v mpeg4 -q:v 2 -flags +ildct+ilme", "avi mp4"),
        "prores": ("-c:v prores_ks -profile:v 2 -flags +ildct", "mov"),
        "ffv1": ("-c:v ffv1 -pix_fmt yuv420p", "mkv"),
        "raw": ("-c:v rawvideo -pix_fmt uyvy422", "mov avi"),
    }
    for name, (options, suffixes) in ways.items():
        for order, top in (("tff", 1), ("bff", 0)):
            for suffix in suffixes.split():
                field = f"-vf setfield={order} -top {top}"
                yield _film(f"interlaced-{name}-{order}.{suffix}", encoded(f"{field} {options}"))
    woven = f"-vf tinterlace=interleave_top,setfield=tff {_X264} -pix_fmt yuv420p -flags +ildct+ilme"
    yield _film("interlaced-woven.mp4", encoded(woven), numbers=None)
    yield _film("mbaff-off-tff-flag.mp4", encoded(f"{_X264} -pix_fmt yuv420p -x264-params fake-interlaced=1"))
    tall = f"-vf setfield=tff {_X264} -pix_fmt yuv420p -flags +ildct+ilme"
    yield _film("interlaced-576.mp4", encoded(tall, size=(720, 576), frames=6), numbers=None)


def _coloured() -> Iterator[Case]:
    matrices = {"bt709": "bt709", "smpte170m": "bt601", "bt470bg": "bt601", "bt2020nc": "bt2020", "smpte240m": "smpte240m", "fcc": "fcc"}
    for name, matrix in matrices.items():
        for spread in ("tv", "pc"):
            scaled = f"-vf scale=out_color_matrix={matrix}:out_range={spread}"
            tags = f"-colorspace {name} -color_range {spread}"
            yield _film(f"tagged-{name}-{spread}.mp4", encoded(f"{scaled} {_X264} -pix_fmt yuv420p {tags}"))
    yield _film("tagged-bt709-in-mkv.mkv", encoded("-vf scale=out_color_matrix=bt709 -c:v ffv1 -pix_fmt yuv444p -colorspace bt709"))
    x265 = "-c:v libx265 -preset ultrafast -crf 12 -x265-params log-level=none -pix_fmt yuv420p"
    yield _film("tagged-bt709-x265.mp4", encoded(f"-vf scale=out_color_matrix=bt709 {x265} -colorspace bt709"))
    prores = "-c:v prores_ks -profile:v 2 -pix_fmt yuv422p10le -colorspace bt709 -color_primaries bt709 -color_trc bt709"
    yield _film("tagged-bt709-prores.mov", encoded(f"-vf scale=out_color_matrix=bt709 {prores}"))
    yield _film("untagged-720.mp4", encoded(f"{_X264} -pix_fmt yuv420p", size=(1280, 720), frames=4), numbers=None)
    yield _film("mjpeg-full-range.mov", encoded("-c:v mjpeg -q:v 2 -pix_fmt yuvj420p -color_range pc"))


def _ordered() -> Iterator[Case]:
    ways = {"b-0": "-bf 0", "b-3": "-bf 3", "b-pyramid": "-bf 5 -x264-params b-pyramid=normal:b-adapt=2", "one-key": "-g 250"}
    ways |= {"open-gop": "-bf 3 -x264-params open-gop=1:keyint=12", "intra": "-g 1"}
    ways |= {"refresh": "-x264-params intra-refresh=1:keyint=10", "slices": "-slices 4"}
    ways |= {"baseline": "-profile:v baseline", "refs": "-refs 8 -bf 4", "zero-latency": "-tune zerolatency"}
    for name, options in ways.items():
        for suffix in ("mp4", "mkv") if name in ("b-3", "open-gop") else ("mp4",):
            yield _film(f"x264-{name}.{suffix}", encoded(f"{_X264} -pix_fmt yuv420p {options}"))
    yield _film("x264-b-3.avi", encoded(f"{_X264} -pix_fmt yuv420p -bf 3"))
    yield _film("x264-b-3.ts", encoded(f"{_X264} -pix_fmt yuv420p -bf 3"))
    open_gop = "-c:v libx265 -preset ultrafast -crf 12 -x265-params log-level=none:keyint=12:open-gop=1:bframes=3 -pix_fmt yuv420p"
    yield _film("x265-open-gop.mp4", encoded(open_gop))
    yield _film("x265-open-gop-cut.mp4", copied(open_gop, "", ".mp4", before="-ss 0.9"), numbers=None)
    yield _film("mpeg2-open-gop-cut.mpg", copied("-c:v mpeg2video -q:v 2 -bf 2 -g 12", "", ".mpg", before="-ss 0.9"), numbers=None)
    for size in ((178, 146), (190, 100), (162, 122)):
        yield _film(f"x264-{size[0]}x{size[1]}.mp4", encoded(f"{_X264} -pix_fmt yuv420p", size=size))
    yield _film("x264-wide-pixels.mp4", encoded(f"-vf setsar=16/11 {_X264} -pix_fmt yuv420p"))
    yield _film("mpeg2-wide-pixels.mpg", encoded("-aspect 16:9 -c:v mpeg2video -q:v 2"))


def _edited() -> Iterator[Case]:
    plain, without_b = f"{_X264} -pix_fmt yuv420p -bf 2", f"{_X264} -pix_fmt yuv420p -bf 0"
    for start in ("0.2", "0.52", "0.9", "1.3"):
        for suffix in ("mp4", "mov", "mkv", "avi", "ts"):
            yield _film(f"cut-at-{start}.{suffix}", copied(plain, "", f".{suffix}", before=f"-ss {start}"), numbers=None)
        yield _film(f"cut-at-{start}-no-b.mp4", copied(without_b, "", ".mp4", before=f"-ss {start}"), numbers=None)
        yield _film(f"cut-at-{start}-mpeg4.mp4", copied("-c:v mpeg4 -q:v 2 -g 12", "", ".mp4", before=f"-ss {start}"), numbers=None)
    yield _film("cut-out.mp4", copied(plain, "-t 0.5", ".mp4", before="-ss 0.7"), numbers=None)
    yield _film("cut-end.mp4", copied(plain, "-t 0.7", ".mp4"), numbers=None)
    yield _film("cut-behind.mp4", copied(plain, "-ss 0.9", ".mp4"), numbers=None)
    yield _film("cut-without-list.mp4", copied(plain, "-use_editlist 0", ".mp4", before="-ss 0.9"), numbers=None)
    yield _film("cut-prores.mov", copied("-c:v prores_ks -profile:v 2", "", ".mov", before="-ss 0.9"), numbers=None)
    x265 = "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=20 -pix_fmt yuv420p"
    yield _film("cut-x265.mp4", copied(x265, "", ".mp4", before="-ss 0.5"), numbers=None)
    av1 = copied("-c:v libaom-av1 -cpu-used 8 -usage realtime -crf 20 -g 12", "", ".mp4", before="-ss 0.7")
    # FFmpeg 5.1 shows six frames more, which the edit list takes out: 0.7 s at 25 a second begin at 18.
    yield Film("film", "cut-av1.mp4", av1, [numbered(index) for index in range(18, FRAMES)], Within(6.0, 64.0))
    yield _film("cut-twice.mp4", _cut_twice(plain), numbers=None)


def _cut_twice(options: str) -> Make:
    def make(path: Path) -> None:
        first = path.with_name("first.mp4")
        copied(options, "", ".mp4", before="-ss 0.3")(first)
        command("ffmpeg", "-nostdin", "-v", "error", "-y", "-ss", "0.4", "-i", first, "-c", "copy", path)

    return make


def _turned() -> Iterator[Case]:
    for name, matrix in FLIPS.items():
        right: list[RGB] = [shown_by(numbered(index), matrix) for index in range(FRAMES)]
        for suffix, options in (("mp4", f"{_X264} -pix_fmt yuv444p"), ("mov", "-c:v mpeg4 -q:v 2")):
            change = lambda data, m=matrix: with_matrix(data, m)  # noqa: E731
            yield Film("film", f"{name}.{suffix}", changed(options, change), right, Within(6.0, 64.0))


def _timed() -> Iterator[Case]:
    plain = f"{_X264} -pix_fmt yuv420p"
    uneven = "-vf setpts='(N+floor(N/5)*3)/25/TB' -fps_mode vfr"
    for suffix in ("mp4", "mkv", "avi", "mov", "ts"):
        yield _film(f"uneven.{suffix}", encoded(f"{uneven} {plain}".replace("'", "")), numbers=None)
        yield _film(f"late.{suffix}", encoded(f"-output_ts_offset 5.5 {plain}"), numbers=None)
    for rate in ("30000/1001", "50", "12.5", "1"):
        yield _film(f"rate-{rate.replace('/', '_')}.mp4", encoded(f"-vf setpts=N/({rate})/TB -r {rate} {plain}"), numbers=None)
    yield _film("wmv-uneven.wmv", encoded(f"{uneven} -c:v wmv2 -q:v 2".replace("'", "")), numbers=None)
    yield _film("coarse-clock.mp4", encoded(f"{plain} -video_track_timescale 25"))
    yield _film("fine-clock.mp4", encoded(f"{plain} -video_track_timescale 90000"))


def _held_otherwise() -> Iterator[Case]:
    plain = f"{_X264} -pix_fmt yuv420p"
    yield _film("fast-start.mp4", encoded(f"{plain} -movflags +faststart"))
    yield _film("fragments.mp4", encoded(f"{plain} -movflags frag_keyframe+empty_moov"))
    yield _film("fragments-each.mp4", encoded(f"{plain} -movflags frag_every_frame+empty_moov+default_base_moof"))
    yield _film("negative-offsets.mp4", encoded(f"{plain} -bf 3 -movflags negative_cts_offsets"))
    for suffix in ("mp4", "mkv", "avi", "mpg"):
        sound = "-f lavfi -i sine=frequency=440:duration=3 -map 0:v -map 1:a"
        codec = "-c:v mpeg2video -q:v 2 -c:a mp2" if suffix == "mpg" else f"{plain} -c:a {'mp3' if suffix == 'avi' else 'aac'}"
        yield _film(f"with-sound.{suffix}", encoded(f"{sound} {codec}"))
    yield _film("sound-first.mp4", encoded(f"-f lavfi -i sine=duration=3 -map 1:a -map 0:v {plain} -c:a aac"))
    yield _film("two-pictures.mkv", encoded(f"-filter_complex [0:v]split[a][b];[b]vflip[c] -map [a] -map [c] {plain}"))
    yield _film("timecode.mov", encoded("-c:v mpeg4 -q:v 2 -timecode 01:00:00:00"))
    yield _film("index-behind.mkv", encoded(f"{plain} -cues_to_front 0"))
    yield _film("live.mkv", encoded(f"{plain} -live 1"))
    yield _film("really-mkv.mp4", encoded(f"{plain} -f matroska"))
    yield _film("really-mp4.avi", encoded(f"{plain} -f mp4"))
    yield _film("stream.h264", encoded(plain), numbers=None)
    yield _film("stream.m2v", encoded("-c:v mpeg2video -q:v 2"), numbers=None)


def _broken() -> Iterator[Case]:
    plain = f"{_X264} -pix_fmt yuv420p -bf 2"
    ways = {"mkv": plain, "avi": "-c:v mpeg4 -q:v 2", "ts": plain, "mpg": "-c:v mpeg2video -q:v 2"}
    ways |= {"mp4": f"{plain} -movflags +faststart", "wmv": "-c:v wmv2 -q:v 2"}
    for suffix, options in ways.items():
        for share in (40, 90):
            yield _film(f"ends-early-{share}.{suffix}", changed(options, cut(share)), whole=encoded(options))
        if suffix != "wmv":  # neither sums nor markers: what is changed decodes as another picture, and FFmpeg does not notice
            yield _film(f"damaged.{suffix}", changed(options, holed), whole=encoded(options))
    yield Film("film", "no-index.mp4", changed(plain, cut(70)), [])
    yield Film("film", "really-empty.mp4", lambda path: path.write_bytes(b""), [])
    without = changed("-c:v mpeg4 -q:v 2", lambda data: data[: data.rfind(b"idx1")])
    yield _film("no-index.avi", without, whole=encoded("-c:v mpeg4 -q:v 2"))
