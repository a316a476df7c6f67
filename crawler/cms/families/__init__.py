"""The CMS families: a file each."""
