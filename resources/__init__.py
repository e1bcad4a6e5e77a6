"""Files that come with the program. A package, so that they are found from source, installed and frozen alike."""

from pathlib import Path

FOLDER = Path(__file__).parent
ICONS = FOLDER / "icons"
STARTER_MODEL = FOLDER / "models" / "starter"
STARTER_LEARNT = FOLDER / "models" / "starter_learnt.npz"
TRANSLATIONS = FOLDER / "translations"
WEIGHTS = FOLDER / "weights"
