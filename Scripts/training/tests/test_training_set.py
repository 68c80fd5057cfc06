"""Manifests of training pictures, from a made-up Debian package to the folder, and the manifests that are here."""

import dataclasses
import hashlib
import io
import tarfile

import numpy
import pytest
from PIL import Image

from rdbench_training.common import training_set
from rdbench_training.common.debian_package import Package, members
from rdbench_training.common.images import read_image, source_group
from rdbench_training.common.training_set import Photograph, Tiles, TrainingSet, shrink, tiles_of

from .support import TRAINING


def archive(**contents):
    """An ar archive of members in their order."""
    data = b"!<arch>\n"
    for name, content in contents.items():
        data += f"{name.replace('_', '.'):16}{0:<12}{0:<6}{0:<6}{644:<8}{len(content):<10}`\n".encode() + content
        data += b"\n" * (len(content) % 2)
    return data


@pytest.fixture
def packages(tmp_path):
    """A folder with one package of one photograph, and a manifest that has no digests yet."""
    folder = tmp_path / "packages"
    folder.mkdir()
    picture, tar = io.BytesIO(), io.BytesIO()
    Image.fromarray(numpy.random.default_rng(1).integers(0, 256, (100, 131, 3), dtype=numpy.uint8)).save(picture, "PNG")
    with tarfile.open(fileobj=tar, mode="w:xz") as written:
        entry = tarfile.TarInfo("./usr/share/backgrounds/sky.png")
        entry.size = len(picture.getvalue())
        written.addfile(entry, io.BytesIO(picture.getvalue()))
    (folder / "skies_1%3a2.0-1_all.deb").write_bytes(archive(debian_binary=b"2.0\n1", data_tar_xz=tar.getvalue()))
    TrainingSet(1, "skies", "Made up.", (), (Package("skies", "1:2.0-1"),),
                (Photograph("skies", "usr/share/backgrounds/sky.png", "CC0-1.0", "skies-sky"),),
                Tiles((2, 3), 30, 20, 16)).write(tmp_path / "skies.json")
    return folder


def run(action, tmp_path, packages, output):
    training_set.main([action, str(tmp_path / "skies.json"), str(tmp_path / output), "--packages", str(packages)])


def test_recorded_sets_are_built_again_and_checked(tmp_path, packages, capsys):
    run("record", tmp_path, packages, "first")
    found = TrainingSet.read(tmp_path / "skies.json")
    assert found.packages[0].sha256 == hashlib.sha256(next(packages.iterdir()).read_bytes()).hexdigest()
    # 65 x 50 pixels hold 2 x 2 tiles, 43 x 33 one.
    assert [picture.name for picture in found.pictures] == [
        f"skies-sky_{end}.png" for end in ("2-0-0", "2-0-1", "2-1-0", "2-1-1", "3-0-0")]
    assert {source_group(picture.name) for picture in found.pictures} == {"skies-sky"}
    run("build", tmp_path, packages, "second")
    run("check", tmp_path, packages, "second")
    assert "second: the 5 pictures of skies" in capsys.readouterr().out
    for picture in found.pictures:
        first, second = (read_image(tmp_path / folder / picture.name) for folder in ("first", "second"))
        assert numpy.array_equal(first, second) and first.shape == (picture.height, picture.width, 3)


def test_a_folder_with_other_pictures_is_refused(tmp_path, packages):
    run("record", tmp_path, packages, "pictures")
    path = tmp_path / "pictures" / "skies-sky_2-0-0.png"
    good = path.read_bytes()
    pixels = read_image(path).copy()
    pixels[0, 0, 0] ^= 1
    Image.fromarray(pixels).save(path)
    with pytest.raises(ValueError, match="another picture"):
        run("check", tmp_path, packages, "pictures")
    path.unlink()
    with pytest.raises(ValueError, match="lacks 1 pictures of skies, such as skies-sky_2-0-0.png"):
        run("check", tmp_path, packages, "pictures")
    path.write_bytes(good)
    run("check", tmp_path, packages, "pictures")
    Image.fromarray(pixels).save(tmp_path / "pictures" / "more.png")
    with pytest.raises(ValueError, match="holds 1 pictures that are none of skies, such as more.png"):
        run("check", tmp_path, packages, "pictures")
    (tmp_path / "pictures" / "more.png").rename(tmp_path / "pictures" / "kodim01.png")
    with pytest.raises(ValueError, match="test set"):
        run("check", tmp_path, packages, "pictures")


def test_other_packages_and_photographs_are_refused(tmp_path, packages):
    run("record", tmp_path, packages, "first")
    found = TrainingSet.read(tmp_path / "skies.json")
    wrong = "0" * 64
    for changed, message in (
            ({"packages": (dataclasses.replace(found.packages[0], sha256=wrong),)}, "another file than the one that the manifest"),
            ({"packages": (dataclasses.replace(found.packages[0], version="3"),)}, "no .deb file of skies 3"),
            ({"photographs": (dataclasses.replace(found.photographs[0], sha256=wrong),)}, "another file than the one that skies"),
            ({"photographs": (dataclasses.replace(found.photographs[0], path="usr/sea.png"),)}, "skies holds no usr/sea.png"),
            ({"photographs": ()}, "does not say how its pictures are made"), ({"format_version": 2}, "format_version 2")):
        dataclasses.replace(found, **changed).write(tmp_path / "skies.json")
        with pytest.raises(ValueError, match=message):
            run("build", tmp_path, packages, "again")


def test_shrinking_takes_rounded_means_and_tiles_lie_in_the_middle():
    pixels = numpy.random.default_rng(2).integers(0, 256, (11, 16, 3), dtype=numpy.uint8)
    small = shrink(pixels, 3)
    assert small.shape == (3, 5, 3)
    for y, x, channel in numpy.ndindex(small.shape):
        mean = pixels[3 * y:3 * y + 3, 3 * x:3 * x + 3, channel].astype(float).mean()
        assert small[y, x, channel] == numpy.floor(mean + 0.5)
    tiles = tiles_of(pixels, Tiles((1, 3), 5, 8, 3))
    assert list(tiles) == ["1-0-0", "1-0-1", "1-0-2", "3-0-0"]
    assert numpy.array_equal(tiles["1-0-2"], pixels[1:9, 10:15]) and numpy.array_equal(tiles["3-0-0"], small)
    assert list(tiles_of(pixels, Tiles((1, 3), 5, 8, 4))) == ["1-0-0", "1-0-1", "1-0-2"]


def test_damaged_packages_are_refused():
    assert members(archive(a=b"odd", b=b"even")) == {"a": b"odd", "b": b"even"}
    for data in (b"", b"!<arch>", archive(a=b"content")[:-4]):
        with pytest.raises(ValueError, match="ar archive"):
            members(data)


@pytest.mark.parametrize("path", sorted((TRAINING / "datasets").glob("*.json")), ids=lambda path: path.stem)
def test_manifests_say_what_and_where_from(path, tmp_path):
    found = TrainingSet.read(path)
    assert found.name == path.stem and len({picture.name for picture in found.pictures}) == len(found.pictures) > 100
    originals = {one.name for one in found.photographs}
    for picture in found.pictures:
        assert len(picture.sha256 or picture.pixels_sha256) == 64 and 0 < max(picture.width, picture.height) <= 768
        if found.photographs:
            assert source_group(picture.name) in originals
        else:
            assert picture.source and picture.path and picture.licence and picture.shrunk >= 1
    assert all(len(one.sha256) == 64 and one.licence for one in found.photographs)
    found.write(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == path.read_text()
