"""Content in files: reading Markdown folders and Word files into pages, and writing pages back.

The format is described in docs/content-format.md.
"""
