"""What a row refers to must be there first. Called within the writing transaction, so that the answer holds."""

from sqlalchemy import Connection, select

from endodesk.data.schema import IMAGES, MODELS
from endodesk.domain.errors import BadRequest
from endodesk.domain.images import Sha256
from endodesk.domain.reviews import BundleId


def require_image(connection: Connection, image: Sha256) -> None:
    """BadRequest if the project does not know the frame."""
    if connection.scalar(select(IMAGES.c.sha256).where(IMAGES.c.sha256 == image)) is None:
        raise BadRequest(f"The project does not know the frame {image[:12]}. Scan its folder first.")


def require_model(connection: Connection, bundle: BundleId) -> None:
    """BadRequest if the project does not know the model."""
    if connection.scalar(select(MODELS.c.id).where(MODELS.c.id == bundle)) is None:
        raise BadRequest(f"The project does not know the model {bundle}. Add the model first.")
