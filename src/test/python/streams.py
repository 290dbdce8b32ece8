"""Follows streams with the published Python SDK over three nodes, the first of which gets killed.

HOSTS (of the nodes, comma separated), CLIENT_PORT, INTERNAL_PORT, API_KEY, TOKEN_SECRET,
TOKEN_AUDIENCE, PATIENCE_SECONDS and ENCODING are in the environment. Prints `kill the first node`
when that is due. The data of every publication is its offset. What the nodes must allow: see
SdkStreamsIT.
"""

import asyncio
import contextlib
import os
import sys
import time
import uuid

from kit import ENCODING, PATIENCE_SECONDS, Sdk, equal, own, packed, play, post, token, unpacked

HOSTS = os.environ["HOSTS"].split(",")
FIRST, SECOND, THIRD = HOSTS
PAUSE_SECONDS = 0.1
# Errors that say so themselves to clients.
TEMPORARY = (100, 111)


class Door:
    """What the name of the nodes stands for: the SDK itself knows one address only."""

    def __init__(self, host):
        self.host = host

    async def open(self):
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        return f"ws://127.0.0.1:{port}/connection/websocket"

    async def _pass(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.CancelledError):
            inner, outer = await asyncio.open_connection(self.host, os.environ["CLIENT_PORT"])
            await asyncio.gather(self._copy(reader, outer), self._copy(inner, writer))
        writer.close()

    @staticmethod
    async def _copy(source, target):
        with contextlib.suppress(OSError):
            while part := await source.read(65_536):
                target.write(part)
                await target.drain()
        target.close()


async def publish(host, channel, first, last):
    """Publishes numbers through the API; just after a fault, or on a busy machine, it may take
    some tries."""
    url = f"http://{host}:{os.environ['INTERNAL_PORT']}/api"
    for number in range(first, last + 1):
        body = {"channel": channel, "data": number, "idempotency_key": str(uuid.uuid4())}
        until = time.monotonic() + PATIENCE_SECONDS
        answer = await asyncio.to_thread(post, "publish", body, url)
        while "error" in answer and answer["error"]["code"] in TEMPORARY:
            assert time.monotonic() < until, f"{channel} {number}: {answer}"
            await asyncio.sleep(PAUSE_SECONDS)
            answer = await asyncio.to_thread(post, "publish", body, url)
        equal(answer.get("result", answer).get("offset"), number)


async def numbers(heard, first, last):
    """The next publications are these and no others."""
    for number in range(first, last + 1):
        pub = (await heard.next("publication")).pub
        equal((unpacked(pub.data), pub.offset), (number, number))


async def comes_back_after_a_kill():
    forced = own("forced:python")
    door = Door(FIRST)
    user = own("ada")
    ada = Sdk(
        user, address=await door.open(), token=token(user, channels=[forced]), timeout=60
    )
    await ada.connected()
    equal((await ada.heard.next("subscribed")).channel, forced)
    subs = [
        await ada.subscribed(own(name), token="", positioned=True, recoverable=True)
        for name in ("kept:python", "short:python", "newest:python")
    ]
    kept, short, newest = subs
    for channel in (forced, *(sub.channel for sub in subs)):
        await publish(SECOND, channel, 1, 2)
    for heard in (ada.heard, *(sub.heard for sub in subs)):
        await numbers(heard, 1, 2)

    print("kill the first node", flush=True)
    equal((await ada.heard.next("connecting")).code, 1)
    for channel in (forced, *(sub.channel for sub in subs)):
        await publish(SECOND, channel, 3, 5)
    equal(ada.heard.count("connected"), 0)
    door.host = THIRD
    await ada.heard.next("connected")
    context = await ada.heard.next("subscribed")
    equal((context.was_recovering, context.recovered), (True, True))
    await numbers(ada.heard, 3, 5)
    for sub, recovered in ((kept, True), (short, False), (newest, True)):
        context = await sub.heard.next("subscribed")
        equal((context.was_recovering, context.recovered), (True, recovered))
    await numbers(kept.heard, 3, 5)
    await numbers(newest.heard, 5, 5)
    for channel in (forced, *(sub.channel for sub in subs)):
        await publish(SECOND, channel, 6, 6)
    await kept.publish(packed(7))
    for heard in (ada.heard, *(sub.heard for sub in subs)):
        await numbers(heard, 6, 6)
    await numbers(kept.heard, 7, 7)


if __name__ == "__main__":
    failed = asyncio.run(play([comes_back_after_a_kill]))
    print("streams were not followed" if failed else f"python {ENCODING} streams followed")
    sys.exit(1 if failed else 0)
