"""Spiders: one class for every portal, and the loader that makes each portal of an archive a spider of its own."""
