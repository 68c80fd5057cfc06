"""Sets of training pictures: a manifest says where the pictures come from and which ones they are, by digest.

`check` compares a folder with a manifest. `build` makes the folder, for a manifest whose photographs come from Debian packages: it
takes the packages from a folder or by apt, shrinks each photograph by whole numbers and cuts tiles. `record` writes the digests of
what it finds into a manifest that someone wrote by hand.
"""

import argparse
import dataclasses
import hashlib
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy
from PIL import Image

from .command_line import run_program
from .configuration import from_dictionary
from .debian_package import Package, files_of, package_file
from .images import image_paths, read_image, refuse_test_sets

FORMAT_VERSION = 1


@dataclass(frozen=True)
class Photograph:
    """An original in one of the packages."""

    package: str
    path: str
    licence: str
    name: str  # of its tiles, before their last underscore: all of them are one source group
    sha256: str = ""


@dataclass(frozen=True)
class Tiles:
    """How photographs become pictures: shrunk by each whole number of `shrink`, then as many tiles as there is room for, in the
    middle. A tile is smaller where the shrunk photograph is, but none is made with a side below `shortest`."""

    shrink: tuple[int, ...] = (2,)
    width: int = 768
    height: int = 512
    shortest: int = 384


@dataclass(frozen=True)
class Picture:
    """A picture of the folder, known by the digest of its file or, where a program writes the file, of its RGB bytes."""

    name: str
    width: int
    height: int
    sha256: str = ""
    pixels_sha256: str = ""
    source: str = ""  # repository or package of the original, if it is not one of the photographs above
    path: str = ""  # of the original in it
    shrunk: float = 0.0  # sides of the original over those before cropping
    licence: str = ""


@dataclass(frozen=True)
class TrainingSet:
    """A manifest."""

    format_version: int
    name: str
    about: str
    pictures: tuple[Picture, ...]
    packages: tuple[Package, ...] = ()
    photographs: tuple[Photograph, ...] = ()
    tiles: Tiles = field(default_factory=Tiles)

    @classmethod
    def read(cls, path: str | Path) -> "TrainingSet":
        """Reads a manifest strictly."""
        found = from_dictionary(cls, json.loads(Path(path).read_text()))
        if found.format_version != FORMAT_VERSION:
            raise ValueError(f"{path}: format_version {found.format_version} is not {FORMAT_VERSION}")
        return found

    def write(self, path: str | Path):
        """Writes a manifest, an entry a line, without what is not given."""
        def plain(entry) -> str:
            given = {f.name: getattr(entry, f.name) for f in dataclasses.fields(entry) if getattr(entry, f.name) != f.default}
            return json.dumps(given, ensure_ascii=False)

        def rows(name: str) -> list[str]:
            entries = ",\n".join("    " + plain(entry) for entry in getattr(self, name))
            return [f'  "{name}": [\n{entries}\n  ]'] if entries else []

        lines = [f'  "{name}": {json.dumps(getattr(self, name), ensure_ascii=False)}' for name in ("format_version", "name", "about")]
        if self.photographs:
            lines += [*rows("packages"), *rows("photographs"), f'  "tiles": {json.dumps(dataclasses.asdict(self.tiles))}']
        Path(path).write_text("{\n" + ",\n".join([*lines, *(rows("pictures") or ['  "pictures": []'])]) + "\n}\n")


def shrink(pixels: numpy.ndarray, factor: int) -> numpy.ndarray:
    """Means of squares of `factor` x `factor` pixels (H, W, 3), rounded to the nearest byte; what is left over is cut off."""
    height, width = (extent // factor for extent in pixels.shape[:2])
    cut = pixels[:height * factor, :width * factor].astype(numpy.uint32)
    sums = cut.reshape(height, factor, width, factor, 3).sum((1, 3))
    return ((sums + factor * factor // 2) // (factor * factor)).astype(numpy.uint8)


def tiles_of(pixels: numpy.ndarray, rule: Tiles) -> dict[str, numpy.ndarray]:
    """The tiles of a photograph (H, W, 3), by the end of their names."""
    found = {}
    for factor in rule.shrink:
        small = shrink(pixels, factor)
        height, width = (min(extent, whole) for extent, whole in zip((rule.height, rule.width), small.shape[:2]))
        if min(height, width) < rule.shortest:
            continue
        rows, columns = small.shape[0] // height, small.shape[1] // width
        top, left = (small.shape[0] - rows * height) // 2, (small.shape[1] - columns * width) // 2
        for row in range(rows):
            for column in range(columns):
                y, x = top + row * height, left + column * width
                found[f"{factor}-{row}-{column}"] = small[y:y + height, x:x + width]
    return found


def write_tiles(training_set: TrainingSet, packages: Path | None, output: Path, check_originals: bool) -> TrainingSet:
    """Writes all tiles as PNG into an empty folder; returns the set with the digests that were found."""
    output.mkdir(parents=True, exist_ok=True)
    if any(output.iterdir()):
        raise ValueError(f"{output} is not empty")
    if not training_set.photographs:
        raise ValueError(f"{training_set.name} does not say how its pictures are made; it can only be checked")
    originals, found = {}, []
    for package in training_set.packages:
        path = package_file(package, packages, check_originals)
        found.append(Package(package.name, package.version, hashlib.sha256(path.read_bytes()).hexdigest()))
        wanted = {one.path for one in training_set.photographs if one.package == package.name}
        originals |= {(package.name, name): data for name, data in files_of(path, wanted).items()}
    photographs, pictures = [], []
    for one in training_set.photographs:
        data = originals.get((one.package, one.path))
        if data is None:
            raise ValueError(f"{one.package} holds no {one.path}")
        digest = hashlib.sha256(data).hexdigest()
        if check_originals and digest != one.sha256:
            raise ValueError(f"{one.path} of {one.package} is another file than the one that {training_set.name} names")
        photographs.append(dataclasses.replace(one, sha256=digest))
        for end, tile in tiles_of(decoded(data), training_set.tiles).items():
            name = f"{one.name}_{end}.png"
            Image.fromarray(tile).save(output / name)
            pictures.append(Picture(name, tile.shape[1], tile.shape[0], pixels_sha256=hashlib.sha256(tile.tobytes()).hexdigest()))
    return dataclasses.replace(training_set, packages=tuple(found), photographs=tuple(photographs), pictures=tuple(pictures))


def decoded(data: bytes) -> numpy.ndarray:
    """The pixels (H, W, 3) of a file's bytes."""
    return read_image(io.BytesIO(data))


def check(training_set: TrainingSet, folder: Path):
    """Refuses a folder that holds other pictures than the set, fewer or more."""
    paths = {path.name: path for path in image_paths(folder)}
    refuse_test_sets(folder, list(paths.values()))
    names = {picture.name for picture in training_set.pictures}
    if missing := names - paths.keys():
        raise ValueError(f"{folder} lacks {len(missing)} pictures of {training_set.name}, such as {min(missing)}")
    if others := paths.keys() - names:
        raise ValueError(f"{folder} holds {len(others)} pictures that are none of {training_set.name}, such as {min(others)}")
    for picture in training_set.pictures:
        data = paths[picture.name].read_bytes()
        digest = hashlib.sha256(decoded(data).tobytes() if picture.pixels_sha256 else data).hexdigest()
        if digest != (picture.pixels_sha256 or picture.sha256):
            raise ValueError(f"{paths[picture.name]} is another picture than the one in {training_set.name}")


def main(arguments: list[str] | None = None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("check", "build", "record"))
    parser.add_argument("manifest", help="JSON file of datasets/")
    parser.add_argument("folder", help="folder of pictures; to build or record, an empty or new one")
    parser.add_argument("--packages", help="folder that has the .deb files (default: get them by apt)")
    parsed = parser.parse_args(arguments)
    training_set, folder = TrainingSet.read(parsed.manifest), Path(parsed.folder)
    packages = Path(parsed.packages) if parsed.packages else None
    if parsed.action == "record":
        training_set = write_tiles(training_set, packages, folder, check_originals=False)
        training_set.write(parsed.manifest)
    elif parsed.action == "build":
        write_tiles(training_set, packages, folder, check_originals=True)
    check(training_set, folder)
    print(f"{folder}: the {len(training_set.pictures):,} pictures of {training_set.name}")


if __name__ == "__main__":
    run_program(main)
