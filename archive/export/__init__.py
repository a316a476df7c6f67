"""What leaves the archive as files: articles in several formats, what became of them, records for other tools."""

from archive.export.jsonl import export_changes, export_jsonl

__all__ = ["export_changes", "export_jsonl"]
