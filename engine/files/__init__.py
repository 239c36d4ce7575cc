"""Project files: opened with every check, saved so that a crash never leaves half a file."""

from engine.files.project import SUFFIX, Project, from_bytes, from_text, open_project, save_project, to_text

__all__ = ["SUFFIX", "Project", "from_bytes", "from_text", "open_project", "save_project", "to_text"]
