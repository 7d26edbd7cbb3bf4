"""The same environment three ways: pyproject.toml, environment.yml and postBuild."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|anaconda\.org|conda\.io|registry\.npmjs|npmjs\.com"
    r"|jsdelivr\.net|unpkg\.com|cdnjs\.|(?:deb|security)\.debian\.org|index[-]url|find[-]links"
)
# Preceded by a space, a quotation mark or nothing: not the path inside a web address.
MACHINE_PATHS = re.compile(
    r"""(?:^|[\s"'`(=:])(?:/(?:home|root|work|opt|tmp|Users)/|[A-Z]:\\(?:Users|Program))"""
)
BINARY = {".png", ".woff2", ".ico", ".gz", ".zip"}


@pytest.fixture(scope="module")
def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def environment(root):
    return yaml.safe_load((root / "environment.yml").read_text("utf-8"))


def ranges(lines):
    found = {r.name.lower(): str(r.specifier) for r in map(Requirement, lines)}
    assert len(found) == len(lines), "a package is named twice"
    return found


def packages_of(environment):
    return [line for line in environment["dependencies"] if not re.match(r"(python|pip)\b", line)]


def base_python(environment):
    (found,) = [
        match.group(1)
        for line in environment["dependencies"]
        if (match := re.fullmatch(r"python=(\d+\.\d+)", line))
    ]
    return found


def test_conda_and_pip_ask_for_the_same_packages(project, environment):
    wanted = project["project"]["dependencies"] + project["build-system"]["requires"]
    assert ranges(packages_of(environment)) == ranges(wanted)


def test_the_main_packages_are_all_there(project):
    main = "jupyterlab ipywidgets pandas plotly nbval anywidget numpy pyyaml"
    assert set(main.split()) <= set(ranges(project["project"]["dependencies"]))


def test_every_range_has_both_ends_and_no_exact_pin(project):
    for name, specifier in ranges(project["project"]["dependencies"]).items():
        assert {s.operator for s in SpecifierSet(specifier)} == {">=", "<"}, name


def test_conda_packages_come_from_conda_forge_and_none_from_pip(environment):
    assert environment["channels"] == ["conda-forge"]
    assert all(isinstance(line, str) for line in environment["dependencies"])
    assert "pip" in environment["dependencies"]


def test_base_python_is_supported_and_tested(project, environment, root):
    python = base_python(environment)
    assert SpecifierSet(project["project"]["requires-python"]).contains(python)
    workflow = yaml.safe_load((root / ".github/workflows/ci.yml").read_text("utf-8"))
    assert python in workflow["jobs"]["test"]["strategy"]["matrix"]["python"]


def test_installed_versions_are_inside_the_ranges(project):
    for name, specifier in ranges(project["project"]["dependencies"]).items():
        version = importlib.metadata.version(name)
        assert SpecifierSet(specifier).contains(version, prereleases=True), f"{name} {version}"


def test_post_build_installs_only_the_kit_and_switches_off_the_news(root):
    script = root / "postBuild"
    assert os.access(script, os.X_OK)
    lines = [line for line in script.read_text("utf-8").splitlines() if line[:1] not in ("", "#")]
    assert lines[0].startswith("set -e")
    (install,) = [line for line in lines if "pip install" in line]
    assert {"--no-deps", "--no-build-isolation", "."} <= set(install.split())
    assert any("labextension disable" in line and "announcements" in line for line in lines)


@pytest.mark.slow
def test_binder_solves_the_environment_before_it_copies_the_repository(
    repository_files, root, environment, tmp_path
):
    for path in repository_files:
        copy = tmp_path / path.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert f"Building conda environment for python={base_python(environment)}" in run.stderr

    steps = run.stdout.splitlines()

    def only_step(pattern):
        (found,) = [number for number, line in enumerate(steps) if re.search(pattern, line)]
        return found

    copy_file = only_step(r"^COPY .* src/environment\.yml ")
    solve = only_step(r"env update .*--file \"?environment\.yml")
    copy_all = only_step(r"^COPY .* src/ ")
    post_build = only_step(r"^RUN \./postBuild")
    assert copy_file < solve < copy_all < post_build


@pytest.mark.slow
def test_an_installed_wheel_carries_its_data(project, root, tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=root, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob(f"tabletop_kit-{project['project']['version']}-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        inside + path.relative_to(root / folder).as_posix()
        for folder, inside in {"kit": "kit/", "data": "kit/_data/"}.items()
        for path in (root / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert shipped <= names
    top = {name.split("/")[0] for name in names}
    assert top == {"kit", wheel.name.split("-py3")[0] + ".dist-info"}


def test_version_is_the_same_wherever_it_is_written(project, root):
    version = project["project"]["version"]
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == version
    assert f"## [{version}]" in (root / "CHANGELOG.md").read_text("utf-8")
    assert importlib.metadata.version("tabletop-kit") == version


def lines_matching(pattern, paths, root):
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()[:120]}"
        for path in paths
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_registry(repository_files, root):
    assert lines_matching(REGISTRIES, repository_files, root) == []


def test_no_file_names_a_folder_of_somebody_s_machine(repository_files, root):
    assert lines_matching(MACHINE_PATHS, repository_files, root) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRIES, "https://" + "pypi" + ".org/simple"),
        (MACHINE_PATHS, 'open("/' + 'home/ann/kit")'),
        (MACHINE_PATHS, "C:" + "\\Users"),
    ],
)
def test_the_searches_find_what_they_look_for(pattern, text):
    assert pattern.search(text)


def test_a_web_address_is_not_a_machine_path():
    assert not MACHINE_PATHS.search("https://example.org/" + "home/news and " + "docs/work/x")


def test_scripts_are_executable(root):
    for script in (".ci/run", "postBuild"):
        assert os.access(root / script, os.X_OK), script
        assert Path(root / script).read_text("utf-8").startswith("#!/usr/bin/env bash\n")
