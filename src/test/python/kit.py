"""What every scenario needs: SDK clients that write down what they hear, tokens as an application
would sign them, and the HTTP API as curl would call it."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import time
import traceback
import urllib.request

from centrifuge import Client, ClientEventHandler, ReplyError, SubscriptionEventHandler

ENCODING = os.environ.get("ENCODING", "json")
PATIENCE_SECONDS = float(os.environ.get("PATIENCE_SECONDS", "20"))
PROTOBUF = ENCODING == "protobuf"
SECRET = os.environ["TOKEN_SECRET"]


def own(name):
    """A name that the other encoding does not use on the same node."""
    return f"{name}-{ENCODING}"


def packed(value):
    """A value as the SDK of this encoding wants it."""
    return json.dumps(value).encode() if PROTOBUF else value


def unpacked(data):
    """What the SDK of this encoding handed over, as a value."""
    return json.loads(data) if PROTOBUF else data


def _base64(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def token(user, ttl_seconds=3600, secret=SECRET, **claims):
    """Signs a token as any application would."""
    now = time.time()
    body = {"sub": user, "iat": int(now), "exp": now + ttl_seconds, **claims}
    if "TOKEN_AUDIENCE" in os.environ:
        body["aud"] = os.environ["TOKEN_AUDIENCE"]
    unsigned = _base64({"alg": "HS256", "typ": "JWT"}) + b"." + _base64(body)
    signature = hmac.new(secret.encode(), unsigned, hashlib.sha256).digest()
    return (unsigned + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def post(method, body, url=None):
    """Calls the HTTP API and returns the whole answer."""
    request = urllib.request.Request(
        f"{url or os.environ['API_URL']}/{method}",
        json.dumps(body).encode(),
        {"X-API-Key": os.environ["API_KEY"], "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


async def api(method, **body):
    """Calls the HTTP API and returns the result."""
    answer = await asyncio.to_thread(post, method, body)
    assert "result" in answer, f"{method} answered {answer}"
    return answer["result"]


async def refusal(call):
    """The code with which the server refuses a call."""
    try:
        await call
    except ReplyError as error:
        return error.code
    raise AssertionError("this should have been refused")


def equal(found, expected):
    """Fails when they are not."""
    assert found == expected, f"expected {expected!r} but was {found!r}"


class Heard:
    """Keeps what the SDK says, by kind, until somebody asks: nothing is missed between two lines."""

    def __init__(self):
        self._kinds = {}

    def queue(self, kind):
        return self._kinds.setdefault(kind, asyncio.Queue())

    async def next(self, kind):
        """The oldest event of a kind that nobody has taken yet."""
        try:
            return await asyncio.wait_for(self.queue(kind).get(), PATIENCE_SECONDS)
        except asyncio.TimeoutError:
            others = {other: queue.qsize() for other, queue in self._kinds.items()}
            raise AssertionError(f"no {kind}, but {others}") from None

    def count(self, kind):
        """How many of a kind nobody has taken."""
        return self.queue(kind).qsize()


def _handler(base, heard):
    """An event handler of the SDK that passes on everything, whatever events there are."""
    names = [name for name in vars(base) if name.startswith("on_")]

    def passing(kind):
        async def hear(_, context):
            heard.queue(kind).put_nowait(context)

        return hear

    return type("Hearing", (base,), {name: passing(name[3:]) for name in names})()


class Sdk:
    """An SDK client of one user, which closes with its scenario."""

    opened = []

    def __init__(self, user, **options):
        self.user = user
        self.heard = Heard()
        options.setdefault("token", token(user))
        address = options.pop("address", os.environ["CLIENT_URL"])
        self.client = Client(
            address,
            events=_handler(ClientEventHandler, self.heard),
            use_protobuf=PROTOBUF,
            min_reconnect_delay=0.02,
            max_reconnect_delay=0.2,
            proxy=None,
            **options,
        )
        Sdk.opened.append(self.client)

    async def connected(self):
        """Itself, once it is connected."""
        await self.client.connect()
        equal((await self.heard.next("connecting")).code, 0)
        context = await self.heard.next("connected")
        assert context.client and context.version
        self.id = context.client
        return self

    def subscription(self, channel, **options):
        """A subscription that has not been asked for; with a token for its channel."""
        heard = Heard()

        async def get_token(name):
            return token(self.user, channel=name)

        if "token" not in options:
            options.setdefault("get_token", get_token)
        sub = self.client.new_subscription(
            channel,
            events=_handler(SubscriptionEventHandler, heard),
            min_resubscribe_delay=0.02,
            max_resubscribe_delay=0.2,
            **options,
        )
        sub.heard = heard
        return sub

    async def subscribed(self, channel, **options):
        """A subscription that is there."""
        sub = self.subscription(channel, **options)
        await sub.subscribe()
        context = await sub.heard.next("subscribed")
        equal((context.was_recovering, context.recovered), (False, False))
        return sub


async def play(scenarios):
    """Plays scenarios one after the other; how many failed."""
    failed = 0
    for scenario in scenarios:
        try:
            await scenario()
            print(f"ok {ENCODING} {scenario.__name__}", flush=True)
        except Exception:
            failed += 1
            print(f"FAILED {ENCODING} {scenario.__name__}", flush=True)
            traceback.print_exc()
        for client in Sdk.opened:
            await client.disconnect()
        Sdk.opened.clear()
    return failed
