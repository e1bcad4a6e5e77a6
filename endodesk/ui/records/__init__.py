"""The doors of the File menu: what readers said, to other programs and back."""
