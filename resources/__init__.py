"""Files that come with the program. A package, so that they are found from source, installed and frozen alike."""

from pathlib import Path

FOLDER = Path(__file__).parent
ICONS = FOLDER / "icons"
IMAGENET_WEIGHTS = FOLDER / "weights" / "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5"
STARTER_MODEL = FOLDER / "models" / "starter"
TRANSLATIONS = FOLDER / "translations"
