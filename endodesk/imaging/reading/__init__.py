"""From files to RGB: images, DICOM, films. Any thread."""
