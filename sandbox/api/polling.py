"""How the bot gets its updates. Only polling so far; a webhook is refused."""

from __future__ import annotations

from typing import Any

from sandbox.errors import bad_request
from sandbox.limits import UPDATES
from sandbox.params import Params
from sandbox.state import Wire, World

LONGEST_POLL = 50


async def get_updates(world: World, params: Params) -> list[dict[str, Any]]:
    """Confirm what lies below ``offset``, then the oldest updates, waiting ``timeout`` seconds for one."""
    if "allowed_updates" in params.texts:
        kinds = params.json("allowed_updates", "allowed_updates")
        if kinds is not None:
            if not isinstance(kinds, list):
                raise bad_request("can't parse allowed_updates JSON array")
            world.updates.allow([str(kind) for kind in kinds])
    world.updates.confirm(params.integer("offset"))
    limit = params.integer("limit", UPDATES)
    limit = limit if 1 <= limit <= UPDATES else UPDATES
    return await world.updates.poll(limit, min(max(0, params.integer("timeout")), LONGEST_POLL))


def set_webhook(world: World, params: Params) -> bool:
    """An empty address means polling; another cannot be served here."""
    if params.text("url"):
        raise bad_request("bad webhook: this sandbox delivers updates by getUpdates only")
    return delete_webhook(world, params)


def delete_webhook(world: World, params: Params) -> bool:
    """Nothing to delete, but pending updates may be dropped with it."""
    if params.flag("drop_pending_updates"):
        world.updates.drop()
    return True


def get_webhook_info(world: World, _: Params) -> Wire:
    """How many updates wait, and which kinds the bot listens to."""
    info: Wire = {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending),
    }
    return info | ({"allowed_updates": world.updates.allowed} if world.updates.allowed else {})
