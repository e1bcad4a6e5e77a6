"""A record without names: keyed pseudonyms, frames of pixels alone, a sheet to be approved, a certificate of what was removed."""
