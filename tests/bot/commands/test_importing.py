"""``greenlight import-objects``."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlmodel import func, select

from domain.process import Route
from storage.database import Database
from storage.tables import HistoryRecord, ObjectRecord
from tests.bot.commands.conftest import ROOT, Said
from tests.bot.importing.lists import write_csv, write_xlsx
from tests.builders import add_client, add_group, key

HEADING = ["Number", "Name", "Terminal"]


def agro(own: Database) -> int:
    with own.write() as unit:
        return key(add_client(unit, add_group(unit), "Agro"))


def count(own: Database, kind: type[ObjectRecord] | type[HistoryRecord] = ObjectRecord) -> int:
    with own.read() as unit:
        return unit.session.exec(select(func.count()).select_from(kind)).one()


def test_a_list_is_checked_and_only_a_yes_imports_it(say: Said, own: Database, tmp_path: Path) -> None:
    agro(own)
    path = write_xlsx(tmp_path / "fleet.xlsx", [HEADING, ["T-1", "Loader"], [2.0, "Digger", 863051000000001]])
    code, out, _err = say("import-objects", str(path), "--client", "Agro")
    assert code == 0
    assert "2 rows: 2 new" in out
    assert "--yes" in out
    assert Path("fleet-checked.xlsx").exists()
    assert count(own) == 0
    code, out, _err = say("import-objects", str(path), "--client", "Agro", "--yes")
    assert code == 0
    assert "2 created, 0 corrected" in out
    with own.read() as unit:
        lines = unit.session.exec(select(HistoryRecord).where(HistoryRecord.object_id != None)).all()  # noqa: E711  # SQL
        assert {(line.route, line.row, line.person_id, line.role) for line in lines} == {
            (Route.IMPORT, 1, None, "moderator")
        }
    code, out, _err = say("import-objects", str(path), "--client", "Agro", "--yes")
    assert code == 0
    assert "2 already there" in out
    assert count(own) == 2


def test_wrong_rows_are_named_and_the_rest_is_imported(say: Said, own: Database, tmp_path: Path) -> None:
    agro(own)
    path = write_csv(tmp_path / "fleet.csv", [HEADING, ["T-1", "a"], ["", "b"]], "cp1251")
    code, out, _err = say("import-objects", str(path), "--client", "Agro", "--yes", "--report", "out.xlsx")
    assert code == 1
    assert "Row 3: there is no number" in out
    assert Path("out.xlsx").exists()
    assert count(own) == 1


def test_columns_may_be_said(say: Said, own: Database, tmp_path: Path) -> None:
    agro(own)
    path = write_csv(tmp_path / "fleet.csv", [["x", "y"], ["Loader", "T-1"]])
    code, _out, err = say("import-objects", str(path), "--client", "Agro")
    assert code == 1
    assert "A x, B y" in err
    code, _out, err = say(
        "import-objects", str(path), "--client", "Agro", "--yes", "--column", "number=B", "--column", "name=A"
    )
    assert (code, err.count("greenlight:")) == (0, 0)
    with own.read() as unit:
        one = unit.session.exec(select(ObjectRecord)).one()
        assert (one.number, one.name) == ("T-1", "Loader")
    assert say("import-objects", str(path), "--client", "Agro", "--column", "colour=A")[0] == 2
    assert say("import-objects", str(path), "--client", "Agro", "--column", "number=ZZ")[0] == 1


def test_a_list_may_have_no_heading(say: Said, own: Database, tmp_path: Path) -> None:
    agro(own)
    path = write_csv(tmp_path / "fleet.csv", [["T-1", "a"], ["T-2", "b"]])
    code, _out, err = say("import-objects", str(path), "--client", "Agro")
    assert code == 1
    assert "If row 1 is no heading but a machine, say --no-heading as well." in " ".join(err.split())
    columns = ("--column", "number=A", "--column", "name=B")
    code, out, _err = say("import-objects", str(path), "--client", "Agro", "--yes", "--no-heading", *columns)
    assert code == 0
    assert "2 created" in out
    known = write_csv(tmp_path / "known.csv", [HEADING, ["T-3", "c"]])
    code, _out, err = say("import-objects", str(known), "--client", "Agro", "--yes", "--no-heading")
    assert code == 1
    assert "row 1 is a heading" in err
    assert count(own) == 2


def test_a_heading_alone_is_no_list(say: Said, own: Database, tmp_path: Path) -> None:
    agro(own)
    path = write_csv(tmp_path / "fleet.csv", [HEADING])
    _code, out, _err = say("import-objects", str(path), "--client", "Agro")
    assert "There is no row below the heading." in out


def test_what_cannot_be_imported_is_one_line(say: Said, own: Database, tmp_path: Path) -> None:
    agro(own)
    bad = tmp_path / "fleet.xlsx"
    bad.write_bytes(b"%PDF-1.7")
    code, _out, err = say("import-objects", str(bad), "--client", "Agro", "--yes")
    assert code == 1
    assert "no table" in err
    assert say("import-objects", str(tmp_path / "none.xlsx"), "--client", "Agro")[0] == 2
    assert say("import-objects", str(bad), "--client", "Nobody")[0] == 2
    assert count(own) == 0


def test_a_kill_at_any_moment_leaves_nothing_half_done(own: Database, tmp_path: Path) -> None:
    agro(own)
    rows = [HEADING, *([f"T-{n}", "Loader"] for n in range(4000))]
    path = write_csv(tmp_path / "fleet.csv", rows)
    command = [sys.executable, "-m", "bot", "import-objects", str(path), "--client", "Agro", "--yes"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "GREENLIGHT_DATABASE_URL": own.url}
    for pause in (1.5, 2.0, 2.5, 3.0, 3.5, 4.0):
        child = subprocess.Popen(  # noqa: S603  # ours
            command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL
        )
        time.sleep(pause)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert count(own) in {0, 4000}
        assert count(own, HistoryRecord) == count(own)
    done = subprocess.run(  # noqa: S603  # ours
        command, cwd=tmp_path, env=environment, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert count(own) == 4000
