"""Backbones: the table, how a configuration names one, and each of them in Keras and LiteRT with random weights."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from endodesk.domain.errors import BadRequest
from endodesk.inference.trial import OPERATIONS
from resources import WEIGHTS
from training.plan.backbones import BACKBONES, check_weights, found_weights, weights_told
from training.plan.config import Config, Input, load_config, parse_config
from training.plan.run_folder import plan_run

OTHERS = sorted(set(BACKBONES) - {"mobilenetv2"})
ELSEWHERE = sorted(name for name, spec in BACKBONES.items() if not spec.weights_file)


@pytest.mark.parametrize("name", OTHERS)
def test_a_configuration_names_its_backbone_and_where_the_weights_are(name, tmp_path, frame_rows):
    last = BACKBONES[name].last_block
    text = f"backbone = '{name}'\nweights = 'w.h5'\n[finetune]\nfrom_block = {last}"
    config = parse_config(text)
    assert parse_config(config.to_toml()) == config
    assert config.scaling == BACKBONES[name].scaling
    with pytest.raises(BadRequest, match=r"finetune\.from_block must be between 0 and"):
        parse_config(text.replace(f"from_block = {last}", f"from_block = {last + 1}"))
    with pytest.raises(BadRequest, match=r"There is no file w\.h5 with weights"):
        plan_run(frame_rows, config)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_weights_that_do_not_come_with_the_program_are_asked_for(name):
    bundled = "mobilenetv2 and efficientnetlite0 come"
    with pytest.raises(BadRequest, match=rf"ImageNet weights of {name}, or be 'imagenet-download'.*only those of {bundled}"):
        parse_config(f"backbone = '{name}'")


def test_lite0_comes_with_the_program_and_is_not_fetched():
    config = parse_config("backbone = 'efficientnetlite0'")
    assert (config.weights, config.scaling) == ("", "127-128")
    with pytest.raises(BadRequest, match="Keras online has no weights of efficientnetlite0: leave weights out"):
        parse_config("backbone = 'efficientnetlite0'\nweights = 'imagenet-download'")


@pytest.mark.parametrize("name", sorted(set(BACKBONES) - set(ELSEWHERE)))
def test_weights_are_those_that_the_notice_tells_of(name):
    file = WEIGHTS / BACKBONES[name].weights_file
    notice = (WEIGHTS / "NOTICE").read_text("utf-8").split(f"{file.name}\n")[1]
    assert hashlib.sha256(file.read_bytes()).hexdigest() in notice


def test_unknown_backbones_and_scalings_are_named():
    with pytest.raises(BadRequest, match=r"backbone must be one of mobilenetv2, efficientnetlite0, .*, not 'resnet'"):
        Config(backbone="resnet")
    with pytest.raises(BadRequest, match=r"input\.scaling"):
        Config(input=Input(scaling="0..255"))


def test_mobilenetv2_is_what_it_was():
    config = Config()
    assert (config.backbone, config.weights, config.scaling) == ("mobilenetv2", "", "-1..1")
    assert load_config("paper").scaling == "0..1"
    assert (BACKBONES["mobilenetv2"].channels, BACKBONES["mobilenetv2"].last_block) == (1280, 16)
    check_weights("mobilenetv2", "")


def test_a_weights_file_is_kept_by_its_whole_path(tmp_path, monkeypatch, frame_rows):
    (tmp_path / "w.h5").touch()
    monkeypatch.chdir(tmp_path)
    assert plan_run(frame_rows, Config(weights="w.h5")).config.weights == str(tmp_path / "w.h5")
    assert [found_weights(word) for word in ("", "random", "imagenet-download")] == ["", "random", "imagenet-download"]


def test_the_model_card_tells_where_the_weights_came_from():
    told = [weights_told(word) for word in ("", "imagenet-download", "random", "/home/me/own.h5")]
    assert told == ["ImageNet weights", "ImageNet weights from Keras online", "random weights to begin with", "weights of own.h5"]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """By Keras and LiteRT, in a process of its own: pytest stays free of TensorFlow."""
    out = tmp_path_factory.mktemp("backbones") / "told.json"
    environment = {**os.environ, "KERAS_HOME": str(out.parent / "keras")}  # nothing was fetched before
    with (out.parent / "log.txt").open("w") as log:
        command = [sys.executable, str(Path(__file__).with_name("backbone_reference.py")), str(out)]
        subprocess.run(command, check=True, stdout=log, stderr=log, timeout=300, env=environment)
    return json.loads(out.read_text())


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_each_backbone_is_the_same_in_keras_and_litert_and_can_be_cut_between_blocks(name, told):
    said = told[name]
    assert said["shape"] == [7, 7, BACKBONES[name].channels]
    assert said["spread"] > 0.01  # not all zero
    assert said["litert"] < 1e-4
    assert said["operations"] != []
    assert OPERATIONS.issuperset(said["operations"])  # a bundle of it is not refused in its trial
    assert said["own"] < 1e-4  # our scaling before it is Keras' own within: published weights see what they were trained on
    assert said["cut"] < 1e-4
    assert said["weights_below_and_above"] == [said["weights"]] * BACKBONES[name].last_block
    assert (said["cuts"][0][:2], said["cuts"][-1][:2]) == ([112, 112], [7, 7])


@pytest.mark.slow
def test_lite0_knows_a_palace_and_a_daisy(told):
    assert told["parameters"] == 3_371_008  # learnt ones, of 4,652,008 with the top
    if not told["seen"]:
        pytest.skip("scikit-learn came without its pictures")
    assert told["seen"] == [698, 985]  # of ImageNet's classes: palace, daisy


@pytest.mark.slow
def test_weights_that_cannot_be_had_are_a_sentence(told):
    assert all("not those of a MobileNetV3Large without its top; name another file." in said for said in told["refused"])
    assert "could not be fetched from Keras online" in told["offline"]
    assert told["offline"].endswith("go online, or name a file with them.")
