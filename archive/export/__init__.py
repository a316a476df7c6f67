"""What leaves the archive as files: JSON lines today."""

from archive.export.jsonl import export_jsonl

__all__ = ["export_jsonl"]
