"""The Bot API's methods, by lower-case name: each takes the world and a call's parameters.

A method gives the ``result`` of the answer, or raises ApiError with Telegram's refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sandbox.api import album, commands, edits, inline, members, polling, profile, queries, sending
from sandbox.params import Params
from sandbox.state import World

Method = Callable[[World, Params], object]

METHODS: Mapping[str, Method] = {
    "getme": profile.get_me,
    "getchat": profile.get_chat,
    "logout": profile.accepted,
    "close": profile.accepted,
    "getupdates": polling.get_updates,
    "setwebhook": polling.set_webhook,
    "deletewebhook": polling.delete_webhook,
    "getwebhookinfo": polling.get_webhook_info,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "sendlocation": sending.send_location,
    "sendvenue": sending.send_venue,
    "sendchataction": sending.send_chat_action,
    "sendmediagroup": album.send_media_group,
    "editmessagetext": edits.edit_message_text,
    "editmessagecaption": edits.edit_message_caption,
    "editmessagereplymarkup": edits.edit_message_reply_markup,
    "editmessagemedia": edits.edit_message_media,
    "deletemessage": edits.delete_message,
    "deletemessages": edits.delete_messages,
    "answercallbackquery": queries.answer_callback_query,
    "answerinlinequery": inline.answer_inline_query,
    "getchatmember": members.get_chat_member,
    "getchatmembercount": members.get_chat_member_count,
    "getchatadministrators": members.get_chat_administrators,
    "leavechat": members.leave_chat,
    "createforumtopic": members.create_forum_topic,
    "getfile": queries.get_file,
    "setmycommands": commands.set_my_commands,
    "getmycommands": commands.get_my_commands,
    "deletemycommands": commands.delete_my_commands,
    "setmyname": profile.setter("name"),
    "getmyname": profile.getter("name"),
    "setmydescription": profile.setter("description"),
    "getmydescription": profile.getter("description"),
    "setmyshortdescription": profile.setter("short_description"),
    "getmyshortdescription": profile.getter("short_description"),
    "setchatmenubutton": profile.set_chat_menu_button,
    "getchatmenubutton": profile.get_chat_menu_button,
}
