"""The commands of ``tinhuyen``, a module each; ``crawler.cli`` puts them together."""
