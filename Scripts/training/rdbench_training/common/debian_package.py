"""Reading the files of Debian packages, with nothing but Python; getting the packages by apt where it is there."""

import hashlib
import io
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

MAGIC = b"!<arch>\n"
HEADER = 60


@dataclass(frozen=True)
class Package:
    """A binary package."""

    name: str
    version: str
    sha256: str = ""  # of the .deb file


def package_file(package: Package, folder: Path | None, check: bool) -> Path:
    """The .deb file of a package, in `folder` or, without one, from apt; refuses another one than the digest names."""
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix="rdbench-packages-"))
        try:
            subprocess.run(["apt-get", "download", f"{package.name}={package.version}"], cwd=folder, check=True,
                           stdout=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError) as error:
            raise ValueError(f"apt has no {package.name} {package.version} ({error}); put the .deb file into a folder and name it "
                             "with --packages") from error
    found = sorted(folder.glob(f"{package.name}_{package.version.replace(':', '%3a')}_*.deb"))
    if not found:
        raise ValueError(f"{folder} holds no .deb file of {package.name} {package.version}")
    if check and hashlib.sha256(found[0].read_bytes()).hexdigest() != package.sha256:
        raise ValueError(f"{found[0]} is another file than the one that the manifest names")
    return found[0]


def members(data: bytes) -> dict[str, bytes]:
    """The members of an ar archive: 60 bytes of text before each, the size in decimal digits from byte 48 on, even offsets."""
    if not data.startswith(MAGIC):
        raise ValueError("no ar archive")
    found, offset = {}, len(MAGIC)
    while offset + HEADER <= len(data):
        header = data[offset:offset + HEADER]
        name, size = header[:16].decode().rstrip().rstrip("/"), int(header[48:58])
        begin = offset + HEADER
        if begin + size > len(data):
            raise ValueError(f"the ar archive ends in {name}")
        found[name] = data[begin:begin + size]
        offset = begin + size + size % 2
    return found


def files_of(path: Path, names: set[str]) -> dict[str, bytes]:
    """The wanted files of a package, by their paths without a leading slash."""
    found = {}
    for member, data in members(path.read_bytes()).items():
        if member.startswith("data.tar"):
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                for entry in archive:
                    name = entry.name.removeprefix("./")
                    if name in names and entry.isfile():
                        found[name] = archive.extractfile(entry).read()
    return found
