"""The rules need nothing but Python: no library, no clock, no input or output."""

import ast
import sys
from pathlib import Path

import pytest

import domain

FILES = sorted(Path(str(domain.__file__)).parent.glob("*.py"))
PURE = {
    "abc",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "itertools",
    "re",
    "types",
    "typing",
    "unicodedata",
    "zoneinfo",  # reads what the world has agreed on: as fixed as a table in the code
}
"""Modules of the standard library that look at nothing outside."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_module_imports_only_what_is_pure(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= PURE | {"domain"}
    assert sys.stdlib_module_names >= PURE


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_module_looks_at_the_clock(path: Path) -> None:
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    }
    assert not called & {"now", "today", "utcnow", "open", "print", "input"}
