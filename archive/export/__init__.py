"""What leaves the archive as files: JSON lines of articles, and of what became of them."""

from archive.export.jsonl import export_changes, export_jsonl

__all__ = ["export_changes", "export_jsonl"]
