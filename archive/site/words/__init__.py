"""The site's words in both languages."""
