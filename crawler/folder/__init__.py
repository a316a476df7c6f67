"""The archive's folder: where things lie, ``tinhuyen.toml``, and limits of disk and hours."""
