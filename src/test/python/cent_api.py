"""Calls every method of the published API client against a node with conf/profiles/python.yaml: see
CentIT. Once with its client that waits, once with the one that does not.

CLIENT_URL, API_URL, API_KEY and TOKEN_SECRET are in the environment.
"""

import asyncio
import base64
import inspect
import os
import sys
import time

import cent
from cent import dto, exceptions
from kit import Sdk, equal, play

URL = os.environ["API_URL"]
KEY = os.environ["API_KEY"]

# What a client of a commercial server may ask for besides.
ELSEWHERE = {
    "connections": cent.ConnectionsRequest(user="ada", expression=""),
    "update_user_status": cent.UpdateUserStatusRequest(users=["ada"]),
    "get_user_status": cent.GetUserStatusRequest(users=["ada"]),
    "delete_user_status": cent.DeleteUserStatusRequest(users=["ada"]),
    "block_user": cent.BlockUserRequest(user="ada"),
    "unblock_user": cent.UnblockUserRequest(user="ada"),
    "revoke_token": cent.RevokeTokenRequest(uid="1"),
    "invalidate_user_tokens": cent.InvalidateUserTokensRequest(user="ada"),
    "device_register": cent.DeviceRegisterRequest(provider="fcm", token="t", platform="web"),
    "device_update": cent.DeviceUpdateRequest(),
    "device_remove": cent.DeviceRemoveRequest(),
    "device_list": cent.DeviceListRequest(),
    "device_topic_list": cent.DeviceTopicListRequest(),
    "device_topic_update": cent.DeviceTopicUpdateRequest(device_id="d", op="add", topics=["t"]),
    "user_topic_list": cent.UserTopicListRequest(),
    "user_topic_update": dto.UserTopicUpdateRequest(user="ada", op="add", topics=["t"]),
    "send_push_notification": cent.SendPushNotificationRequest(
        recipient=dto.PushRecipient(fcm_tokens=["t"]), notification=cent.PushNotification()
    ),
    "update_push_status": cent.UpdatePushStatusRequest(analytics_uid="u", status="s"),
    "cancel_push": cent.CancelPushRequest(uid="u"),
}


class Waiting:
    """The client that waits, as if it did not."""

    name = "waiting"

    def __init__(self, key=KEY):
        self._client = cent.Client(URL, key)
        self.asked = set()

    async def __call__(self, method, request):
        self.asked.add(method)
        return await asyncio.to_thread(getattr(self._client, method), request)

    async def close(self):
        self._client.close()


class Async:
    """The client that does not wait."""

    name = "async"

    def __init__(self, key=KEY):
        self._client = cent.AsyncClient(URL, key)
        self.asked = set()

    async def __call__(self, method, request):
        self.asked.add(method)
        return await getattr(self._client, method)(request)

    async def close(self):
        await self._client.close()


async def refused(call):
    """The code with which a call is refused."""
    try:
        await call
    except exceptions.CentApiResponseError as error:
        return error.code
    raise AssertionError("this should have been refused")


async def everything(kind):
    """Every method the client has."""
    ask = kind()
    room = f"room-{kind.name}"
    ada = await Sdk(f"ada-{kind.name}").connected()
    sub = await ada.subscribed(room)
    await publishing(ask, room, sub)
    await reading(ask, room, ada)
    await batching(ask, room)
    await steering(ask, room, ada, sub)
    for method, request in ELSEWHERE.items():
        equal((method, await refused(ask(method, request))), (method, 104))
    methods = {
        name
        for name, _ in inspect.getmembers(cent.Client, inspect.isfunction)
        if not name.startswith("_")
    }
    equal(methods - ask.asked, {"close"})
    await ask.close()


async def publishing(ask, room, sub):
    request = cent.PublishRequest(
        channel=room, data={"a": 1}, tags={"t": "1"}, idempotency_key="first"
    )
    first = await ask("publish", request)
    again = await ask("publish", request)
    equal((first.offset, first.epoch), (again.offset, again.epoch))
    heard = (await sub.heard.next("publication")).pub
    equal((heard.data, heard.tags, heard.offset), ({"a": 1}, {"t": "1"}, first.offset))
    encoded = base64.b64encode(b'"b64"').decode()
    await ask("publish", cent.PublishRequest(channel=room, data=None, b64data=encoded))
    equal((await sub.heard.next("publication")).pub.data, "b64")
    passing = await ask("publish", cent.PublishRequest(channel=room, data=2, skip_history=True))
    equal(passing.offset, first.offset + 1)
    equal((await sub.heard.next("publication")).pub.offset, 0)
    many = await ask("broadcast", cent.BroadcastRequest(channels=[room, "nobody:knows"], data=3))
    equal(many.responses[0].result.offset, first.offset + 2)
    equal(many.responses[1].error.code, 102)
    equal((await sub.heard.next("publication")).pub.data, 3)
    equal(await refused(ask("publish", cent.PublishRequest(channel="", data=1))), 107)


async def reading(ask, room, ada):
    present = await ask("presence", cent.PresenceRequest(channel=room))
    equal([one.user for one in present.presence.values()], [ada.user])
    equal(list(present.presence), [ada.id])
    stats = await ask("presence_stats", cent.PresenceStatsRequest(channel=room))
    equal((stats.num_clients, stats.num_users), (1, 1))
    page = await ask("history", cent.HistoryRequest(channel=room, limit=-1))
    equal([one.data for one in page.publications], [{"a": 1}, "b64", 3])
    since = cent.StreamPosition(offset=3, epoch=page.epoch)
    back = await ask(
        "history", cent.HistoryRequest(channel=room, limit=1, since=since, reverse=True)
    )
    equal([one.offset for one in back.publications], [2])
    channels = await ask("channels", cent.ChannelsRequest(pattern=room + "*"))
    equal({name: one.num_clients for name, one in channels.channels.items()}, {room: 1})
    nodes = (await ask("info", cent.InfoRequest())).nodes
    equal(len(nodes), 1)
    assert nodes[0].num_clients >= 1 and nodes[0].version


async def batching(ask, room):
    requests = [
        cent.PublishRequest(channel=room, data=4),
        cent.PresenceStatsRequest(channel=room),
        cent.HistoryRequest(channel=room),
    ]
    for parallel in (False, True):
        batch = cent.BatchRequest(requests=requests, parallel=parallel)
        replies = (await ask("batch", batch)).replies
        equal(replies[1].num_clients, 1)
        assert replies[0].offset >= 4 and replies[0].epoch == replies[2].epoch
    await ask("history_remove", cent.HistoryRemoveRequest(channel=room))
    page = await ask("history", cent.HistoryRequest(channel=room, limit=-1))
    equal((page.publications, page.offset), ([], 5))


async def steering(ask, room, ada, sub):
    more = room + "-more"
    request = cent.SubscribeRequest(user=ada.user, channel=more, info={"i": 1}, data={"d": 1})
    await ask("subscribe", request)
    heard = await ada.heard.next("subscribed")
    while heard.channel != more:
        heard = await ada.heard.next("subscribed")
    equal(heard.data, {"d": 1})
    present = await ask("presence", cent.PresenceRequest(channel=more))
    equal(present.presence[ada.id].chan_info, {"i": 1})
    await ask("unsubscribe", cent.UnsubscribeRequest(user=ada.user, channel=more, client=ada.id))
    equal((await ada.heard.next("unsubscribed")).channel, more)
    later = int(time.time()) + 3600
    await ask("refresh", cent.RefreshRequest(user=ada.user, client=ada.id, expire_at=later))
    spared = cent.DisconnectRequest(user=ada.user, whitelist=[ada.id])
    await ask("disconnect", spared)
    await ask("unsubscribe", cent.UnsubscribeRequest(user=ada.user, channel=room))
    equal((await sub.heard.next("unsubscribed")).code, 2000)
    await ask("refresh", cent.RefreshRequest(user=ada.user, expired=True))
    equal((await ada.heard.next("connecting")).code, 3005)
    await ada.heard.next("connected")
    reason = cent.Disconnect(code=4500, reason="enough")
    await ask("disconnect", cent.DisconnectRequest(user=ada.user, disconnect=reason))
    equal((await ada.heard.next("disconnected")).code, 4500)


async def the_client_that_waits_has_it_all():
    await everything(Waiting)


async def the_client_that_does_not_wait_has_it_all():
    await everything(Async)


async def a_wrong_key_is_refused():
    for kind in (Waiting, Async):
        ask = kind("guess")
        try:
            await ask("info", cent.InfoRequest())
            raise AssertionError("this should have been refused")
        except exceptions.CentUnauthorizedError:
            await ask.close()


if __name__ == "__main__":
    scenarios = (
        the_client_that_waits_has_it_all,
        the_client_that_does_not_wait_has_it_all,
        a_wrong_key_is_refused,
    )
    failed = asyncio.run(play(scenarios))
    print(f"{len(scenarios) - failed} of {len(scenarios)} API scenarios passed")
    sys.exit(1 if failed else 0)
