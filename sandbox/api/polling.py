"""How the bot gets its updates: by polling, or delivered to a webhook of this machine."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from sandbox.errors import bad_request
from sandbox.limits import HOOK_CONNECTIONS, HOOK_SECRET, UPDATES
from sandbox.params import Described, Params
from sandbox.state import Wire, World
from sandbox.updates import Hook

LONGEST_POLL = 50
_PORTS = frozenset([None, 80, 88, 443, 8443])


def _allow(world: World, params: Params) -> None:
    kinds = params.json("allowed_updates", "allowed_updates")
    if kinds is not None:
        if not isinstance(kinds, list):
            raise bad_request("can't parse allowed_updates JSON array")
        world.updates.allow([str(kind) for kind in kinds])


async def get_updates(world: World, params: Params) -> list[dict[str, Any]]:
    """Confirm what lies below ``offset``, then the oldest updates, waiting ``timeout`` seconds for one."""
    world.updates.may_poll()
    _allow(world, params)
    world.updates.confirm(params.integer("offset"))
    limit = params.integer("limit", UPDATES)
    limit = limit if 1 <= limit <= UPDATES else UPDATES
    return await world.updates.poll(limit, min(max(0, params.integer("timeout")), LONGEST_POLL))


def set_webhook(world: World, params: Params) -> Described:
    """Deliver updates to an address of this machine; an empty one means polling again."""
    url = params.text("url")
    if not url:
        return delete_webhook(world, params)
    _check_address(url)
    secret = params.text("secret_token")
    if len(secret) > HOOK_SECRET:
        raise bad_request("secret token is too long")
    if not all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in secret):
        raise bad_request("secret token contains unallowed characters")
    wanted = params.integer("max_connections", Hook.connections)
    connections = min(max(1, wanted), HOOK_CONNECTIONS)
    _allow(world, params)
    if params.flag("drop_pending_updates"):
        world.updates.drop()
    hook = Hook(url, secret, connections, "certificate" in params.uploads)
    if hook == world.updates.hook:
        return Described(True, "Webhook is already set")  # noqa: FBT003 - the result
    world.updates.hang(hook)
    return Described(True, "Webhook was set")  # noqa: FBT003 - the result


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise bad_request("invalid webhook URL specified")
    if _here(host):
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    # The sandbox never leaves the machine.
    raise bad_request("bad webhook: Failed to resolve host: Name or service not known")


def _here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def delete_webhook(world: World, params: Params) -> Described:
    """Back to polling; pending updates may be dropped with it."""
    if params.flag("drop_pending_updates"):
        world.updates.drop()
    if world.updates.hook is None:
        return Described(True, "Webhook is already deleted")  # noqa: FBT003 - the result
    world.updates.hang(None)
    return Described(True, "Webhook was deleted")  # noqa: FBT003 - the result


def get_webhook_info(world: World, _: Params) -> Wire:
    """Where updates go, how many wait, what went wrong last, and which kinds the bot listens to."""
    updates, hook = world.updates, world.updates.hook
    info: Wire = {
        "url": hook.url if hook else "",
        "has_custom_certificate": bool(hook and hook.certificate),
        "pending_update_count": len(updates.pending),
    }
    if hook:
        info |= {"max_connections": hook.connections} | updates.last_error
    return info | ({"allowed_updates": updates.allowed} if updates.allowed else {})
