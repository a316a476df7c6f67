"""The watchdog: work in a child process that is killed when a step takes too much CPU time or memory."""
