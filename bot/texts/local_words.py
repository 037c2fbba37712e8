"""The words of times in Ukrainian and Russian, as people write them though the chat speaks English.

Only what is typed is read so; a word that is not known stays as it is, and is refused where it stands.
"""

import re
from collections.abc import Mapping

# ruff: noqa: RUF001  # letters that look like Latin ones are the point here

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")

_EXACT: Mapping[str, str] = {
    word: english
    for english, words in {
        "": "до по на у в о об з с і и та года року число числа через включно включительно",
        "today": "сьогодні сегодня",
        "tomorrow": "завтра",
        "2 days": "післязавтра послезавтра",
        "morning": "ранку ранок вранці зранку утра утро утром",
        "noon": "опівдні полудень полдень полдня",
        "afternoon": "вдень удень днем днём",
        "evening": "вечора вечір ввечері увечері вечера вечер вечером",
        "night": "ночі ніч вночі уночі ночи ночь ночью",
        "day": "день дня дні днів дней дн д",
        "week": "тиждень тижні тижня тижнів тиж неделя недели неделю неделе недель нед",
        "month": "місяць місяця місяці місяців міс месяц месяца месяцы месяцев мес",
        "hour": "година години годину годин год час часа часов ч",
        "min": "хвилина хвилини хвилину хвилин хв минута минуты минуту минут мин",
        "working": "робочий робочі робочих роб рабочий рабочие рабочих рабочего раб",
        "1": "один одна одну одного",
        "2": "два дві две двох двух",
        "3": "три трьох трех трёх",
        "4": "чотири чотирьох четыре четырех четырёх",
        "5": "пять",
        "6": "шість шесть",
        "7": "сім семь",
        "monday": "пн",
        "tuesday": "вт",
        "wednesday": "ср",
        "thursday": "чт",
        "friday": "пт",
        "saturday": "сб",
        "sunday": "нд вс",
        "may": "май мая",
        "none": "нет немає нема",
    }.items()
    for word in words.split()
}  # fmt: skip
_BEGINNINGS: Mapping[str, str] = {
    beginning: english
    for english, beginnings in {
        "next": "наступн следующ",
        "monday": "понед",
        "tuesday": "вівтор вторн",
        "wednesday": "серед сред",
        "thursday": "четв",
        "friday": "пятн",
        "saturday": "субот суббот",
        "sunday": "неділ воскр",
        "january": "січ янв",
        "february": "лют фев",
        "march": "берез мар",
        "april": "квіт апр",
        "may": "трав",
        "june": "черв июн",
        "july": "лип июл",
        "august": "серп авг",
        "september": "верес сент",
        "october": "жовт окт",
        "november": "листоп нояб",
        "december": "груд дек",
    }.items()
    for beginning in beginnings.split()
}


def in_english(text: str) -> str:
    """The same text with the words that are known in English; all else stays as it is."""
    return _WORD.sub(lambda found: _english(found[0]), text) if _CYRILLIC.search(text) else text


def _english(word: str) -> str:
    plain = re.sub("['’ʼ]", "", word.casefold())
    if plain in _EXACT:
        return _EXACT[plain]
    return next((english for begins, english in _BEGINNINGS.items() if plain.startswith(begins)), word)
