"""answerInlineQuery: the results a person sees, articles only."""

from __future__ import annotations

from typing import Any

from sandbox.entities import parse
from sandbox.errors import ApiError, bad_request
from sandbox.inline import answer
from sandbox.keyboards import check_inline
from sandbox.limits import INLINE_ID, INLINE_OFFSET, INLINE_RESULTS, check_text
from sandbox.params import Params
from sandbox.state import Wire, World

CACHE_TIME = 300
_SHOWN = ("title", "description", "url", "thumbnail_url")


def answer_inline_query(world: World, params: Params) -> bool:
    """Show at most 50 results."""
    given = params.json("results", "inline query results")
    if not isinstance(given, list):
        raise bad_request("can't parse inline query results JSON object")
    if len(given) > INLINE_RESULTS:
        raise bad_request("too many inline query results specified")
    if len(params.text("next_offset").encode()) > INLINE_OFFSET:
        raise bad_request("NEXT_OFFSET_INVALID")
    results = [_result(result) for result in given]
    if len({result["id"] for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    button = params.json("button", "inline query results button")
    said = {"results": results, "next_offset": params.text("next_offset"), "button": button}
    cache_time = max(0, params.integer("cache_time", CACHE_TIME))
    personal = params.flag("is_personal")
    answer(world, params.text("inline_query_id"), said, cache_time, personal=personal)
    return True


def _result(given: Any) -> Wire:  # noqa: ANN401 - straight from JSON
    if not isinstance(given, dict):
        raise _refused("expected an Object")
    if not isinstance(given.get("id"), str):
        raise _refused('Can\'t find field "id"')
    if not 1 <= len(given["id"].encode()) <= INLINE_ID:
        raise bad_request("RESULT_ID_INVALID")
    kind = given.get("type", "")
    if kind != "article":
        raise _refused(f'type "{kind}" is unsupported for the inline query result')
    title = given.get("title")
    if not isinstance(title, str):
        raise _refused('Can\'t find field "title"')
    if not title.strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    result = {"id": given["id"], "type": kind} | {name: given[name] for name in _SHOWN if name in given}
    markup = check_inline(given["reply_markup"]) if given.get("reply_markup") else None
    return result | {"content": _content(given)} | ({"reply_markup": markup} if markup else {})


def _content(given: Wire) -> Wire:
    content = given.get("input_message_content")
    text = content.get("message_text") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(text, str) or not text:
        raise _refused("Message text is empty")
    try:
        plain, entities = parse(text, str(content.get("parse_mode") or ""), content.get("entities"))
    except ApiError as error:
        reason = error.description.removeprefix("Bad Request: ")
        raise _refused(reason[:1].upper() + reason[1:]) from None
    check_text(plain)
    return {"text": plain} | ({"entities": entities} if entities else {})


def _refused(reason: str) -> ApiError:
    return bad_request(f"can't parse inline query result: {reason}")
