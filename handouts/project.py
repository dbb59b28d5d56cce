"""Where the files of a project folder are, and the wall around it: nothing outside is read."""

from dataclasses import dataclass
from pathlib import Path, PurePath

from handouts.problems import HandoutsError, Place, Problem

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes; no text a person writes by hand is larger."""


@dataclass(frozen=True)
class Project:
    """A project folder: content/, templates/, locales/ and output/ lie in `folder`."""

    folder: Path

    @property
    def templates(self) -> Path:
        """The folder of Jinja2 templates, style sheets and pictograms."""
        return self.folder / "templates"

    @property
    def locales(self) -> Path:
        """The folder of catalogs and language facts."""
        return self.folder / "locales"

    @property
    def output(self) -> Path:
        """Where a build puts its files unless told otherwise."""
        return self.folder / "output"

    @property
    def cache(self) -> Path:
        """Where finished pages wait to be used again."""
        return self.folder / ".cache"

    def relative(self, path: Path) -> str:
        """A path as it is told to people: relative to the project folder, with forward slashes."""
        return path.relative_to(self.folder).as_posix()

    def files(self, pattern: str) -> tuple[Path, ...]:
        """The files that match a glob pattern, sorted by name."""
        return tuple(sorted(path for path in self.folder.glob(pattern) if path.is_file()))

    def read(self, relative: str | PurePath, named_at: Place | None = None) -> bytes:
        """The bytes of a file inside the folder; a path that leads out of it, also by a link, is refused."""
        place = named_at or Place(str(relative))
        path = self.folder / relative
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise HandoutsError(
                Problem(place, "project/outside", f'"{relative}" lies outside the project folder',
                        "copy the file into the project folder and name it by its path from there")
            )  # fmt: skip
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise HandoutsError(Problem(place, "project/size", f'"{relative}" is larger than 16 MiB', "use a smaller file"))
            return path.read_bytes()
        except FileNotFoundError:
            hint = "run this in a project folder, name one with --project, or make one with: handouts init DIR"
            if named_at:
                hint = "check the name; paths are counted from the project folder"
            raise HandoutsError(Problem(place, "project/missing", f'there is no file "{relative}"', hint)) from None
        except OSError as fault:
            raise HandoutsError(
                Problem(place, "project/unreadable", f'"{relative}" cannot be read: {fault.strerror}',
                        "check the permissions of the file")
            ) from None  # fmt: skip
