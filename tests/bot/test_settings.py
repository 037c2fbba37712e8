"""Settings: what is read, and that a wrong one is one clear line without secrets."""

import pytest

from bot.settings import TELEGRAM, WrongSetting, load

NAMES = [
    "TELEGRAM_TOKEN", "TELEGRAM_API", "DATABASE_URL", "FILES", "TIMES", "PROXY", "LOG_LEVEL", "LISTEN",
    "MONITOR",
]  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """An empty environment, in an empty folder."""
    for name in NAMES:
        monkeypatch.delenv(f"GREENLIGHT_{name}", raising=False)
    monkeypatch.chdir(str(tmp_path))


def test_defaults() -> None:
    settings = load()
    assert settings.telegram_api == TELEGRAM == "https://api.telegram.org"
    assert settings.database_url == "sqlite:///greenlight.db"
    assert settings.proxy is None
    with pytest.raises(WrongSetting, match="GREENLIGHT_TELEGRAM_TOKEN is not set"):
        _ = settings.token


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    with open(f"{tmp_path}/.env", "w") as file:  # noqa: PTH123  # as an operator writes it
        file.write("GREENLIGHT_TELEGRAM_TOKEN=1:file\nGREENLIGHT_PROXY=http://file\nOTHER=1\n")
    monkeypatch.setenv("GREENLIGHT_TELEGRAM_TOKEN", "2:environment")
    settings = load()
    assert settings.token == "2:environment"  # noqa: S105  # of no bot
    assert settings.proxy == "http://file"


def test_a_token_that_is_empty_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_TELEGRAM_TOKEN", "")
    assert load().telegram_token is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", "secret-without-colon"),
        ("TELEGRAM_TOKEN", "abc:secret"),
        ("TELEGRAM_TOKEN", "123:"),
        ("TELEGRAM_API", "api.telegram.org/secret"),
        ("PROXY", "secret-proxy:3128"),
        ("DATABASE_URL", "mysql://secret@host/db"),
        ("DATABASE_URL", "secret"),
        ("LOG_LEVEL", "secret"),
        ("LISTEN", "secret"),
        ("MONITOR", "secret:port"),
        ("MONITOR", ":9464"),
        ("MONITOR", "127.0.0.1:70000"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"GREENLIGHT_{name}", value)
    with pytest.raises(WrongSetting) as wrong:
        load()
    words = str(wrong.value)
    assert words.startswith(f"GREENLIGHT_{name} ")
    assert "\n" not in words
    assert "secret" not in words
    assert len(words) < 200


def test_it_is_not_watched_unless_somebody_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().monitor is None
    monkeypatch.setenv("GREENLIGHT_MONITOR", "")
    assert load().monitor is None
    monkeypatch.setenv("GREENLIGHT_MONITOR", "[::1]:9464")
    assert load().monitor == "[::1]:9464"


def test_a_slash_at_the_end_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_TELEGRAM_API", "http://127.0.0.1:8081/")
    assert load().telegram_api == "http://127.0.0.1:8081"
