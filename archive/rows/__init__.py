"""Rows of articles, captures, files and portals as they are written, with what is derived from them: inside the caller's transaction."""
