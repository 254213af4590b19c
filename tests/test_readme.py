"""The README's claims that a machine can hold: its Python runs, its files are there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def test_the_python_of_the_readme_runs(tmp_path, assets_sample):
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    shutil.copytree(assets_sample, tmp_path / "assets_sample")
    script = tmp_path / "tour.py"
    script.write_text(code)
    run = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert "Gravel" in run.stdout
    assert sorted(path.name for path in (tmp_path / "stems").glob("*.wav")) == [
        "backgrounds.wav",
        "foley.wav",
        "fx.wav",
    ]


def test_every_file_that_the_readme_links_is_there():
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README.read_text(encoding="utf-8")):
        assert (README.parent / target).exists(), target
