"""DICOM files: told by how they begin (`dicom_kind`), and read by `dicom_file`. Only the latter brings pydicom."""
