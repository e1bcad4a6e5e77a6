"""The machine: progress and cancelling of long work, whole files, threads, processors. Knows `domain` alone; any thread may call it."""
