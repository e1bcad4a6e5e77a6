"""Signatures by Ed25519: who has the private key signs, who has the public one can prove it. `cryptography` is loaded when asked."""

import hashlib

KEY_BYTES = 32


# Why: docs/decisions/packaging.md 13
class SigningKey:
    """The private key of this account."""

    def __init__(self, secret: bytes) -> None:
        """`secret` has KEY_BYTES; any such bytes are a key."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._key.public_key().public_bytes_raw().hex()
        """The public key, hexadecimal."""

    def sign(self, data: bytes) -> str:
        """The signature of these bytes, hexadecimal."""
        return self._key.sign(data).hex()


def is_signed(data: bytes, signature: str, public: str) -> bool:
    """Whether who signed these bytes has the private half of that key; False too where the texts are no signature or key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def fingerprint(public: str) -> str:
    """What two persons read to each other to be sure of a key: 20 hexadecimal digits of its SHA-256, in fours."""
    digits = hashlib.sha256(public.encode()).hexdigest()[:20].upper()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
