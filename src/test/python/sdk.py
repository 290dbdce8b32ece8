"""Uses the published Python SDK against a node with conf/profiles/python.yaml: see PythonSdkIT.

CLIENT_URL, API_URL, API_KEY, TOKEN_SECRET and ENCODING (json or protobuf) are in the environment.
"""

import asyncio
import sys

from centrifuge import DeltaType, StreamPosition, UnauthorizedError
from kit import ENCODING, Sdk, api, equal, own, packed, play, refusal, token, unpacked

PUBLICATIONS = 50
LARGE_CHARS = 60_000


async def connects_and_talks():
    ada = await Sdk(own("ada")).connected()
    news = own("news")
    sub = await ada.subscribed(news)
    await api("publish", channel=news, data={"text": "Grüße 世界 👩‍🚀"})
    heard = (await sub.heard.next("publication")).pub
    equal(unpacked(heard.data), {"text": "Grüße 世界 👩‍🚀"})
    equal((heard.info, heard.offset), (None, 1))
    for number in range(PUBLICATIONS):
        await api("publish", channel=news, data=number, tags={"a": "b"})
    for number in range(PUBLICATIONS):
        heard = (await sub.heard.next("publication")).pub
        equal((unpacked(heard.data), heard.offset), (number, number + 2))
        equal(heard.tags, {"a": "b"})
    await sub.publish(packed("x" * LARGE_CHARS))
    heard = (await sub.heard.next("publication")).pub
    equal(unpacked(heard.data), "x" * LARGE_CHARS)
    equal((heard.info.user, heard.info.client), (ada.user, ada.id))


async def sees_who_is_there_and_who_comes_and_goes():
    hall = own("hall")
    ada = await Sdk(own("ada")).connected()
    sub = await ada.subscribed(hall)
    equal((await sub.heard.next("join")).info.client, ada.id)
    bob = await Sdk(own("bob")).connected()
    other = await bob.subscribed(hall)
    joined = (await sub.heard.next("join")).info
    equal((joined.user, joined.client), (bob.user, bob.id))
    present = (await sub.presence()).clients
    users = {client: info.user for client, info in present.items()}
    equal(users, {ada.id: ada.user, bob.id: bob.user})
    stats = await other.presence_stats()
    equal((stats.num_clients, stats.num_users), (2, 2))
    await other.unsubscribe()
    equal((await other.heard.next("unsubscribed")).code, 0)
    equal((await sub.heard.next("leave")).info.client, bob.id)
    equal(list((await sub.presence()).clients), [ada.id])


async def is_subscribed_to_a_channel_of_its_own():
    ada = Sdk(own("personal"))
    channel = "#" + ada.user
    await ada.connected()
    subscribed = await ada.heard.next("subscribed")
    equal((subscribed.channel, subscribed.recoverable), (channel, True))
    await api("publish", channel=channel, data=1)
    heard = await ada.heard.next("publication")
    equal((heard.channel, unpacked(heard.pub.data), heard.pub.offset), (channel, 1, 1))
    await ada.client.disconnect()
    await api("publish", channel=channel, data=2)
    await ada.client.connect()
    subscribed = await ada.heard.next("subscribed")
    equal((subscribed.was_recovering, subscribed.recovered), (True, True))
    heard = await ada.heard.next("publication")
    equal((unpacked(heard.pub.data), heard.pub.offset), (2, 2))
    await api("subscribe", user=ada.user, channel=own("more"))
    equal((await ada.heard.next("subscribed")).channel, own("more"))
    await api("unsubscribe", user=ada.user, channel=own("more"))
    equal((await ada.heard.next("unsubscribed")).channel, own("more"))


async def reads_what_was():
    past = own("past")
    ada = await Sdk(own("ada")).connected()
    sub = await ada.subscribed(past)
    for number in range(1, 6):
        await api("publish", channel=past, data=number)
    top = await sub.history()
    equal((top.offset, top.publications), (5, []))

    async def numbers(limit, since=None, reverse=False):
        position = StreamPosition(since, top.epoch) if since else None
        page = await sub.history(limit, position, reverse)
        equal((page.offset, page.epoch), (5, top.epoch))
        for one in page.publications:
            equal(unpacked(one.data), one.offset)
        return [one.offset for one in page.publications]

    equal(await numbers(2), [1, 2])
    equal(await numbers(2, 2), [3, 4])
    equal(await numbers(-1), [1, 2, 3, 4, 5])
    equal(await numbers(2, reverse=True), [5, 4])
    equal(await numbers(-1, 3, reverse=True), [2, 1])
    equal(await refusal(sub.history(1, StreamPosition(1, "other"))), 112)


async def catches_up_or_says_that_it_cannot():
    ada = await Sdk(own("ada")).connected()
    kept = await ada.subscribed(own("kept"))
    short = await ada.subscribed(own("smallhistory:kept"))
    for sub in (kept, short):
        await api("publish", channel=sub.channel, data=1)
        equal((await sub.heard.next("publication")).pub.offset, 1)
    await ada.client.disconnect()
    for sub in (kept, short):
        for number in range(2, 6):
            await api("publish", channel=sub.channel, data=number)
    await ada.client.connect()
    context = await kept.heard.next("subscribed")
    equal((context.was_recovering, context.recovered), (True, True))
    for number in range(2, 6):
        equal((await kept.heard.next("publication")).pub.offset, number)
    context = await short.heard.next("subscribed")
    equal((context.was_recovering, context.recovered), (True, False))
    await api("publish", channel=short.channel, data=6)
    equal((await short.heard.next("publication")).pub.offset, 6)


async def gets_what_changed():
    channel = own("delta")
    ada = await Sdk(own("ada")).connected()
    sub = await ada.subscribed(channel, delta=DeltaType.FOSSIL)
    plain = await (await Sdk(own("bob")).connected()).subscribed(channel)
    deltas = 0
    for number in range(4):
        value = {"number": number, "text": "the same every time, größer " * 20}
        await api("publish", channel=channel, data=value)
        patched = (await sub.heard.next("publication")).pub
        equal(unpacked(patched.data), value)
        equal(unpacked((await plain.heard.next("publication")).pub.data), value)
        deltas += patched.delta
    equal(deltas, 3)
    await ada.client.disconnect()
    await api("publish", channel=channel, data={"number": 4})
    await ada.client.connect()
    equal(unpacked((await sub.heard.next("publication")).pub.data), {"number": 4})


async def comes_back_unless_told_not_to():
    ada = await Sdk(own("wanderer")).connected()
    sub = await ada.subscribed(own("way"))
    # 3000 comes without a close frame: the SDK sees its transport close, which is its code 1.
    for code, seen in ((3001, 3001), (4000, 4000), (3000, 1)):
        await api("disconnect", user=ada.user, disconnect={"code": code, "reason": "again"})
        equal((await ada.heard.next("connecting")).code, seen)
        await ada.heard.next("connected")
        equal((await sub.heard.next("subscribed")).recovered, True)
    await api("unsubscribe", user=ada.user, channel=sub.channel)
    equal((await sub.heard.next("unsubscribed")).code, 2000)
    await api("disconnect", user=ada.user)
    equal((await ada.heard.next("disconnected")).code, 3503)


async def is_told_what_it_may_not():
    ada = await Sdk(own("ada")).connected()
    equal(await refusal(ada.client.rpc("any", packed({}))), 108)
    equal(await refusal(ada.client.publish(own("elsewhere"), packed(1))), 103)
    for channel, options, code in (
        ("nobody:knows", {}, 102),
        (own("open"), {"token": ""}, 103),
        (own("wrong"), {"token": token(ada.user, channel=own("wrong"), secret="guess")}, 103),
    ):
        sub = ada.subscription(channel, **options)
        await sub.subscribe()
        equal((await sub.heard.next("unsubscribed")).code, code)
    foreign = ada.subscription(own("foreign"), token=token("bob", channel=own("foreign")))
    await foreign.subscribe()
    equal((await ada.heard.next("disconnected")).code, 3500)


async def renews_its_tokens():
    asked = asyncio.Queue()

    async def renewed():
        asked.put_nowait("connection")
        return token(own("renewed"), 2 if asked.qsize() == 1 else 3600)

    async def for_channel(channel):
        asked.put_nowait("subscription")
        return token(own("renewed"), 3 if asked.qsize() == 2 else 3600, channel=channel)

    ada = await Sdk(own("renewed"), token="", get_token=renewed).connected()
    sub = await ada.subscribed(own("renewed"), get_token=for_channel)
    async with asyncio.timeout(20):
        while asked.qsize() < 4:
            await asyncio.sleep(0.05)
    equal(sorted(asked.get_nowait() for _ in range(4)), ["connection"] * 2 + ["subscription"] * 2)
    await sub.publish(packed(1))
    await sub.heard.next("publication")
    equal((ada.heard.count("connecting"), sub.heard.count("unsubscribed")), (0, 0))


async def replaces_an_expired_token():
    async def fresh():
        return token(own("late"))

    ada = Sdk(own("late"), token=token(own("late"), -60), get_token=fresh)
    await ada.client.connect()
    equal((await ada.heard.next("error")).error.code, 109)
    await ada.heard.next("connected")


async def a_wrong_token_is_the_end():
    mallory = Sdk("mallory", token=token("ada", secret="guess"))
    await mallory.client.connect()
    equal((await mallory.heard.next("disconnected")).code, 3500)

    async def none():
        raise UnauthorizedError("you are not known")

    stranger = Sdk("stranger", token="", get_token=none)
    await stranger.client.connect()
    equal((await stranger.heard.next("disconnected")).code, 1)


SCENARIOS = (
    connects_and_talks,
    sees_who_is_there_and_who_comes_and_goes,
    is_subscribed_to_a_channel_of_its_own,
    reads_what_was,
    catches_up_or_says_that_it_cannot,
    gets_what_changed,
    comes_back_unless_told_not_to,
    is_told_what_it_may_not,
    renews_its_tokens,
    replaces_an_expired_token,
    a_wrong_token_is_the_end,
)

if __name__ == "__main__":
    failed = asyncio.run(play(SCENARIOS))
    print(f"{len(SCENARIOS) - failed} of {len(SCENARIOS)} {ENCODING} scenarios passed")
    sys.exit(1 if failed else 0)
