"""Facts that the program itself remembers."""

from sqlmodel import Session

from storage.tables import SettingRecord


class Settings:
    """Key and value, both text."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, key: str) -> str | None:
        """The remembered value; None if there is none."""
        record = self._session.get(SettingRecord, key)
        return record.value if record else None

    def put(self, key: str, value: str) -> None:
        """Remember a value in place of the earlier one."""
        self._session.merge(SettingRecord(key=key, value=value))
        self._session.flush()
