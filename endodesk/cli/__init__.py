"""The command line: the same code as the window, in one thread, with progress on stderr and answers on stdout."""
