import codecs
import dataclasses
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from endodesk.dataset.split import DEFAULT_NEAR
from endodesk.domain.errors import BadRequest
from training.plan.config import Config, FineTuning, Paths, Split, load_config, parse_config, preset_names


def test_paper_is_method_md_to_the_letter():
    paper = load_config("paper")
    assert (paper.recipe, paper.input.scaling, paper.seed, paper.split.shares, paper.split.near) == ("paper", "0..1", 42, (70, 15, 15), 0)
    assert (paper.split.case, paper.split.allow_leaks) == ("none", False)
    assert (paper.head.units, paper.head.l2, paper.head.dropout) == (256, 1e-4, 0.3)
    training = paper.training
    assert (training.batch, training.patience, training.class_balance, training.histogram_freq) == (32, 3, "none", 1)
    assert (paper.frozen.epochs, paper.frozen.learning_rate) == (10, 1e-3)
    assert paper.frozen.views >= paper.frozen.epochs  # no view twice: as augmented on the fly
    assert paper.finetune == FineTuning(epochs=20, learning_rate=1e-5, from_block=0, batch_norm="trained")
    assert paper.training.selection == "fine-tuned"
    assert (paper.frozen.warm_up, paper.frozen.decay, paper.training.label_smoothing) == (0, "none", 0)
    assert (paper.input.shift, paper.training.select_by, paper.trackers.wandb) == ("none", "validation", "off")


def test_default_mends_the_known_weaknesses():
    default = load_config("default")
    assert (default.recipe, default.scaling, default.finetune.batch_norm) == ("clean", "-1..1", "frozen")
    assert default.split == load_config("head").split == Split(near=DEFAULT_NEAR, case="folder")
    assert (default.training.class_balance, default.training.selection) == ("sampling", "best")
    assert (default.input.shift, default.training.select_by) == ("source", "both")  # a shortcut must not be chosen
    assert (default.training.keep, default.finetune.decay) == ("last", "cosine")  # and of a few frames, chance must not choose


@pytest.mark.parametrize("name", ["paper", "default", "head"])
def test_a_preset_survives_being_written_and_read(name):
    config = load_config(name)
    assert config.name == name
    assert parse_config(config.to_toml()) == config
    assert name in preset_names()


@pytest.mark.slow
@settings(deadline=None)
@given(
    name=st.text(st.characters(codec="utf-8")),
    cache=st.text(st.characters(codec="utf-8")),
    l2=st.floats(0, 1),
    shares=st.tuples(*[st.floats(0.01, 1e9)] * 3),
)
def test_any_text_and_number_survives(name, cache, l2, shares):
    config = dataclasses.replace(Config(), name=name, paths=Paths(cache=cache), split=Split(shares=shares), classes=("a b", "ü"))
    config = dataclasses.replace(config, head=dataclasses.replace(config.head, l2=l2))
    assert parse_config(config.to_toml()) == config


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sed = 1", "sed"),
        ("[frozen]\nepoch = 3", "frozen.epoch"),
        ("[frozen]\nepochs = 2.5", "frozen.epochs"),
        ("[frozen]\nepochs = true", "frozen.epochs"),
        ("[frozen]\nepochs = 0", "frozen.epochs"),
        ("[frozen]\nlearning_rate = nan", "frozen.learning_rate"),
        ("[head]\ndropout = 1.5", "head.dropout"),
        ("[head]\ndropout = '0.3'", "head.dropout"),
        ("frozen = 3", "frozen"),
        ("[split]\nshares = [70, 30]", "split.shares"),
        ("[split]\nshares = [100, 0, 0]", "split.shares"),
        ("[split]\nshares = 70", "split.shares"),
        ("[split]\nnear = 33", "split.near"),
        ("[split]\ncase = '('", "regular expression"),
        ("[split]\nallow_leaks = 1", "split.allow_leaks"),
        ("[input]\nscaling = '0..255'", "input.scaling"),
        ("[finetune]\nbatch_norm = 'melted'", "finetune.batch_norm"),
        ("[finetune]\nfrom_block = 17", "finetune.from_block"),
        ("[finetune]\ndecay = 'linear'", "finetune.decay"),
        ("[finetune]\nepochs = 3\nwarm_up = 4.0", "finetune.warm_up"),
        ("[finetune]\naverage = 1.0", "finetune.average"),
        ("[training]\nclass_balance = 'luck'", "training.class_balance"),
        ("[training]\nlabel_smoothing = 1.0", "training.label_smoothing"),
        ("[training]\nselect_by = 'shifted'", "input.shift"),
        ("[input]\nshift = 'hue'", "input.shift"),
        ("[input]\nshift_views = 0", "input.shift_views"),
        ("[trackers]\nwandb = 'on'", "trackers.wandb"),
        ("recipe = 'soup'", "soup"),
        ("classes = ['a/b']", "a/b"),
        ("classes = ['a', 'a']", "twice"),
        ("synthetic = 1", "synthetic"),
        ("= 3", "TOML"),
    ],
)
def test_a_wrong_key_is_named(tmp_path, text, names):
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(BadRequest, match=r"mine\.toml cannot be used") as told:
        load_config(file)
    assert names in str(told.value)


def test_there_is_no_such_configuration(tmp_path):
    with pytest.raises(BadRequest, match="paper"):
        load_config("papper")
    with pytest.raises(BadRequest):
        load_config(tmp_path)
    with pytest.raises(BadRequest):
        load_config("../configs/paper")


# --- as editors save it -------------------------------------------------------------------------------------------------

MINE = '# Über alles\nname = "Ödem 内視鏡"\nseed = 7\n'


@pytest.mark.parametrize(
    "data",
    [
        MINE.encode("utf-8-sig"),
        MINE.replace("\n", "\r\n").encode("utf-8-sig"),
        MINE.encode("utf-16"),
        codecs.BOM_UTF16_BE + MINE.encode("utf-16-be"),
        MINE.encode("utf-16-le"),
    ],
)
def test_a_configuration_is_taken_in_every_unicode_that_editors_save(tmp_path, data):
    (tmp_path / "mine.toml").write_bytes(data)
    config = load_config(tmp_path / "mine.toml")
    assert (config.name, config.seed) == ("Ödem 内視鏡", 7)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ('name = "Ödem"\n'.encode("cp1252"), "not saved as UTF-8.*Windows-1252.*Save it anew"),
        ("# über\nname = 'x'\n".encode("cp1252"), "not saved as UTF-8"),
        ('[paths]\nbase = "/nowhere/Fälle/model"\n'.encode("cp1252"), "not saved as UTF-8"),
        ("name = 'x'\n".encode("utf-16")[:-1], "begins as UTF-16, but is cut"),
        (b"name = 'x'\n\0\0\0", "zero bytes"),
        (b"#" * (1024 * 1024 + 1), "too large"),
    ],
)
def test_a_configuration_that_is_no_unicode_is_told_with_its_cause(tmp_path, data, says):
    (tmp_path / "mine.toml").write_bytes(data)
    with pytest.raises(BadRequest, match=says):
        load_config(tmp_path / "mine.toml")


@pytest.mark.skipif(os.name != "posix", reason="names are text elsewhere")
def test_a_path_that_is_no_text_comes_back(tmp_path):
    base = tmp_path / os.fsdecode(b"F\xe4lle")
    base.mkdir()
    config = Config(paths=Paths(base=str(base)))
    (tmp_path / "run.toml").write_text(config.to_toml(), "utf-8", "surrogateescape")
    assert load_config(tmp_path / "run.toml") == config
