"""The voice: answers calls, says what is to be said, and takes "do not call me again" by the key 1. baresip has the sound.

Announcements are for who is sent to ``marked``, ``nothing`` or ``refused`` (``incoming.cfg``): the last is said before an
answer, and then refused. Who calls back comes from the gate, which says under a seal what was dialled and what the
network asserts of who is calling; the service says what to tell them.
"""

__all__ = ["speaking"]

import asyncio
import hashlib
import hmac
import logging
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from belbaar.errors import InputError, StoreUnavailable
from belbaar.sip.saying import RATE, pause, sound
from belbaar.sip.voice import ANNOUNCED, AWAY, FAILED, Voice

if TYPE_CHECKING:
    import httpx
    from baresip import Call

_SEALED = "X-Belbaar-Back"
_PARTS = 4
_OK, _LEAST_OF_SERVER = 200, 500
_LONGEST, _THINKING, _TRIES = 120.0, 4.0, 3
"""Seconds of a call, and to press a key after all was said; times that an objection is told."""
_STEP, _PIECE = 0.05, RATE // 2
"""Seconds between looks at a call's sound, and bytes that are handed over at a time: a quarter of a second."""
_KEY = "1"
_Does = Callable[["Call"], Coroutine[Any, Any, None]]


class _Booth(NamedTuple):
    """What all calls need."""

    voice: Voice
    http: "httpx.AsyncClient"
    tell: Callable[[str], None]

    def said(self, texts: Mapping[str, str], step: str, callers: Sequence[str] = ()) -> bytes:
        """Give texts as sound, in each language; ``step`` names recordings of it, with or without whose it is."""
        folder = Path(self.voice.recordings) if self.voice.recordings else None
        own = "+".join(callers)
        return b"".join(
            sound(folder, [*([f"{own}.{lang}.{step}"] if own else []), f"{lang}.{step}"], text, lang) + pause(0.5)
            for lang, text in texts.items()
        )


async def speaking(voice: Voice, ended: asyncio.Event, tell: Callable[[str], None]) -> None:
    """Answer calls until it is ended.

    Args:
        voice: what it is told.
        ended: is set to end it.
        tell: what went wrong, and that it listens, is said by this; no number is.

    Raises:
        InputError: when nobody can speak here, or the libraries are not there.
        StoreUnavailable: when it cannot listen there.
    """
    try:
        import baresip  # noqa: PLC0415  of the extra "voice"
        import httpx  # noqa: PLC0415
    except ImportError as error:
        raise InputError("the voice needs baresip.", todo="pip install 'belbaar[voice]'") from error
    logging.getLogger("baresip").setLevel(logging.CRITICAL)  # it names who calls
    _, host, port = voice.listen.split(":")
    config = baresip.Config(
        net_interface=host,
        expose_headers=(_SEALED,),
        max_concurrent_calls=voice.calls,
        extra_config_text=f"sip_listen {host}:{port}\ncall_hold_other_calls no\n",
    )
    headers = {"Authorization": f"Bearer {voice.key}"}
    runtime, died, loop = baresip.Runtime(), threading.Event(), asyncio.get_running_loop()

    def dies() -> None:
        died.set()
        loop.call_soon_threadsafe(ended.set)

    runtime.on_dead = dies
    async with httpx.AsyncClient(base_url=voice.service, headers=headers, timeout=5) as http:
        going = set[asyncio.Task[None]]()
        agents = await asyncio.to_thread(_agents, _Booth(voice, http, tell))
        try:
            await runtime.start(config)
            for account, does in agents:
                agent = await baresip.UserAgent.create(runtime, account)
                agent.on_incoming(partial(_taken, going, tell, does))
        except baresip.BaresipError as error:
            raise StoreUnavailable(
                f"nobody can be answered: {error}.", where=voice.listen, todo="Is the port taken?"
            ) from error
        tell(f"answers at {voice.listen}")
        await ended.wait()
        for task in going:
            task.cancel()
        await runtime.close()
    if died.is_set():
        raise StoreUnavailable("baresip ended by itself.", where=voice.listen, todo="Start it anew.")


def _agents(booth: _Booth) -> list[tuple[str, _Does]]:
    """Give who answers: accounts, and what each does; all that is announced is made sound now."""
    agents: list[tuple[str, _Does]] = []
    for step, texts in ANNOUNCED.items():
        early = step == "refused"
        account = _account(step, "early" if early else "manual")
        agents.append((account, partial(_announce, pcm=booth.said(texts, step), early=early)))
    if booth.voice.service:
        agents.append((_account("callback", "manual;catchall=yes"), partial(_answer, booth=booth)))
    return agents


def _account(name: str, answers: str) -> str:
    """Write an account that registers nowhere; a telephone in the Netherlands speaks PCMA."""
    return f"<sip:{name}@127.0.0.1>;regint=0;answermode={answers};audio_codecs=pcma,pcmu"


def _taken(
    going: set[asyncio.Task[None]],
    tell: Callable[[str], None],
    does: _Does,
    call: "Call",
) -> None:
    task = asyncio.get_running_loop().create_task(_whole(does, call, tell))
    going.add(task)
    task.add_done_callback(going.discard)


async def _whole(does: _Does, call: "Call", tell: Callable[[str], None]) -> None:
    """Have a call answered, and ended whatever comes of it."""
    from baresip import BaresipError  # noqa: PLC0415

    try:
        async with asyncio.timeout(_LONGEST):
            await does(call)
    except BaresipError:
        return  # they hung up
    except TimeoutError:
        tell("a call took too long, and was ended.")
    except InputError as error:
        tell(f"{error.what} {error.where}")
    finally:
        with suppress(BaresipError):
            await call.hangup()


async def _announce(call: "Call", *, pcm: bytes, early: bool) -> None:
    """Say something; ``early``: before an answer, which is a refusal."""
    if not early:
        await _begin(call)
    await _say(call, pcm, asyncio.Event())


async def _answer(call: "Call", *, booth: _Booth) -> None:
    """Tell who calls back who had called, and take an objection."""
    asked = _unsealed(booth.voice.secret, call.call_id or "", call.headers.get(_SEALED, ""))
    told = await _asked(booth, asked) if asked else {}
    if told == {}:
        return  # nobody knows of such a call
    if told is None:
        await _begin(call)
        await _say(call, await asyncio.to_thread(booth.said, AWAY, "away"), asyncio.Event())
        return
    step, pressed = "ask" if told["counts"] else "unseen", asyncio.Event()
    callers = told["callers"]
    pcm = await asyncio.to_thread(booth.said, told["says"], step, callers)
    if told["counts"]:
        call.on_dtmf(lambda key: pressed.set() if key.digit == _KEY else None)
    await _begin(call)
    await _say(call, pcm, pressed)
    if not pressed.is_set() and told["counts"]:
        await _say(call, pause(_THINKING) + pcm + pause(_THINKING), pressed)
    if pressed.is_set():
        done = await _objected(booth, asked)
        texts, step = (done["says"], "done") if done else (FAILED, "failed")
        await _say(call, await asyncio.to_thread(booth.said, texts, step, callers), asyncio.Event())


async def _objected(booth: _Booth, asked: Mapping[str, str]) -> dict[str, Any]:
    """Tell the service of an objection, again if need be; give what to say, {} when it was not taken."""
    for _ in range(_TRIES):
        done = await _asked(booth, {**asked, "pressed": _KEY})
        if done is not None:
            return done if done.get("objected") else {}
        await asyncio.sleep(1)
    booth.tell("an objection by who called back could not be told: the service does not answer.")
    return {}


async def _asked(booth: _Booth, call: Mapping[str, str]) -> dict[str, Any] | None:
    """Ask the service what to say; {} when it is no number of its callers, None when it does not answer."""
    import httpx  # noqa: PLC0415

    try:
        reply = await booth.http.post("/v1/gate/call-backs", json=dict(call))
    except httpx.HTTPError:
        return None
    if reply.status_code == _OK:
        answer: dict[str, Any] = reply.json()
        return answer
    booth.tell(f"the service answered {reply.status_code} about who calls back.")
    return None if reply.status_code >= _LEAST_OF_SERVER else {}


def _unsealed(secret: str, call_id: str, sealed: str) -> dict[str, str]:
    """Give what the gate says of a call, {} where it was not the gate that said it."""
    told, _, seal = sealed.rpartition(".")
    good = hashlib.sha256(f"{secret}|{call_id}|{told}".encode()).hexdigest()
    parts = told.split(".")
    if not hmac.compare_digest(good, seal) or len(parts) != _PARTS - 1:
        return {}
    dialled, asserted, privacy = (bytes.fromhex(part).decode("utf-8", "replace") for part in parts)
    return {"dialled": dialled, "asserted": asserted, "privacy": privacy}


async def _begin(call: "Call") -> None:
    await call.answer(video=True)  # else it asks at once, by a new INVITE, that there be no video
    await call.wait_established(10)


async def _say(call: "Call", pcm: bytes, stop: asyncio.Event) -> None:
    """Say something to its end, or until something happens."""
    from baresip import AudioRestarted  # noqa: PLC0415

    await _audible(call)
    rest = pcm
    while not stop.is_set():
        try:
            if rest:
                rest = rest[call.audio.write(rest[:_PIECE]) :]
            elif not call.audio.info().tx_buffered:
                return
            await asyncio.sleep(_STEP)
        except AudioRestarted:
            continue  # the other side changed how it hears: what comes next is heard
    call.audio.flush_tx()


async def _audible(call: "Call") -> None:
    """Wait until there is sound at all."""
    from baresip import AudioNotActive  # noqa: PLC0415

    for _ in range(int(5 / _STEP)):
        try:
            if call.audio.info().tx_ready:
                return
        except AudioNotActive:
            pass
        await asyncio.sleep(_STEP)
    raise AudioNotActive("there is no sound in this call")
