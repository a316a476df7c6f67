"""The eight tasks of `docs/reporter.md`, done in a real browser on an archive of portals crawled in two weeks."""
