"""The commands of ``tinhuyen``, a module for each group of them; ``crawler.cli`` puts them together."""
