"""Checks requests of the bot, and what the sandbox answers, against aiogram's typed methods."""

from __future__ import annotations

import json
import logging
from types import NoneType
from typing import Any

import aiogram.methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputFile, Update

from sandbox.errors import ApiError, bad_request
from sandbox.params import Params
from sandbox.strict import SandboxError
from sandbox.strict.lengths import disagreements, wrong_length
from sandbox.strict.schema import Problem, alternatives, problems

_LOG = logging.getLogger("sandbox.strict")
# How Telegram names what it could not parse.
_NAMES = {
    "InlineKeyboardButton": "inline keyboard button",
    "KeyboardButton": "keyboard button",
    "InlineKeyboardMarkup": "reply keyboard markup JSON object",
    "ReplyKeyboardMarkup": "reply keyboard markup JSON object",
    "InlineQueryResultArticle": "inline query result",
    "InputTextMessageContent": "inline query result",
    "ReplyParameters": "reply parameters JSON object",
    "InputMediaPhoto": "InputMedia",
    "InputMediaDocument": "InputMedia",
}
_PARAMETERS = {
    "reply_markup": "object expected as reply markup",
    "allowed_updates": "can't parse allowed_updates JSON array",
}
_YES, _NO = ("true", "1", "yes", "t"), ("false", "0", "no", "f")
_BOOLEANS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)


class Strict:
    """The schema, loaded."""

    def __init__(self, violations: list[str]) -> None:
        if wrong := disagreements():
            raise SandboxError(f"limits disagree with telegram.constants (here, there): {wrong}")
        self.violations = violations
        self._methods: dict[str, type[TelegramMethod[Any]]] = {
            method.__api_method__.lower(): method
            for name in aiogram.methods.__all__
            if isinstance(method := getattr(aiogram.methods, name), type)
            and issubclass(method, TelegramMethod)
            and method is not TelegramMethod
        }

    def check_request(self, method: str, params: Params) -> None:
        """Refuse what the schema does not know; parameters that are missing are the methods' own to name."""
        fields = self._methods[method.lower()].model_fields
        attached = {text for text in params.uploads if text not in fields}
        for name in sorted({*params.texts, *params.uploads} - fields.keys() - attached):
            raise bad_request(f'unknown parameter "{name}"')
        for name in attached:
            if not any(f"attach://{name}" in text for text in params.texts.values()):
                raise bad_request(f'unknown parameter "{name}"')
        for name, text in params.texts.items():
            kind = fields[name].annotation
            try:
                value = _decoded(kind, text)
            except ValueError:
                # Broken JSON: the method has words of its own for it.
                continue
            if value is None:
                continue
            for problem in problems(kind, value, "", name):
                if not problem.mild:
                    raise _refusal(problem, name)
            if reason := wrong_length(method.lower(), name, value):
                raise bad_request(reason)

    def check_result(self, method: str, result: object) -> None:
        """Fail when the sandbox answers what Telegram never would."""
        returning = self._methods[method.lower()].__returning__
        self._own(f"the result of {method}", problems(returning, result, "", "result"), result)

    def check_update(self, update: dict[str, Any]) -> None:
        """Fail when the sandbox sends an update that Telegram never would."""
        self._own("an update", problems(Update, update), update)

    def _own(self, what: str, found: list[Problem], value: object) -> None:
        if not found:
            return
        said = "; ".join(f"{problem.where}: {problem.reason}" for problem in found)
        violation = f"{what} breaks the schema: {said}"
        self.violations.append(violation)
        _LOG.error("%s\n%s", violation, json.dumps(value, ensure_ascii=False, default=str))
        raise SandboxError(violation)


def _refusal(problem: Problem, name: str) -> ApiError:
    if problem.where:
        return bad_request(f"can't parse {_NAMES.get(problem.where, problem.where)}: {problem.reason}")
    return bad_request(_PARAMETERS.get(name, f"can't parse {name}: {problem.reason}"))


def _decoded(kind: Any, text: str) -> object:  # noqa: ANN401 - a type
    """A parameter's text as the JSON value it stands for; None when it says nothing."""
    kinds = set(alternatives(kind)) - {NoneType, InputFile}
    if not text or str in kinds or not kinds:
        return text or None
    if bool in kinds:
        return _BOOLEANS.get(text.lower(), text)
    if kinds & {int, float}:
        try:
            return float(text) if float in kinds else int(text)
        except ValueError:
            return text
    return json.loads(text)
