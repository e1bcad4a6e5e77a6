from real_windows import open_window

__all__ = ["open_window"]
