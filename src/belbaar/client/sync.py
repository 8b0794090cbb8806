"""Ask the service, one thing after the other."""

__all__ = ["Client"]

import time
from collections.abc import Iterable, Mapping
from typing import Any, Self

import httpx

from belbaar.client.answers import NotRecorded, Outcome, Problem, Row, Use, Verdict, Verdicts, rows_of
from belbaar.client.exchange import Reply, Send, Wait, exchange, read, retry_after
from belbaar.client.requests import batches, permit_use, question, recording

_LONG = 60.0


class Client:
    """Asks the service. Guards its connections.

    Args:
        url: where the service is, such as ``http://127.0.0.1:8080``.
        key: a key of the organisation: ``bel_…``.
        seconds: how long an answer about one call may take; after that it is a no.
        transport: how to send, for tests and proxies.
    """

    def __init__(
        self, url: str, key: str, *, seconds: float = 2.0, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._seconds = seconds
        self._http = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, transport=transport, follow_redirects=False
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def may_call(self, number: str, *, caller: str, product: str, **more: Any) -> Verdict:  # noqa: ANN401
        """Ask whether a call may be made now; a permit comes with a yes.

        Args:
            number: as people write it, or E.164.
            caller: the id of the caller on whose behalf.
            product: what it is about, a dotted path.
            more: other fields of the question: ``presents``, ``campaign``, ``at``, ``permit``, ``id`` …

        Returns:
            The verdict. Where there is no answer in time, or a mistake in the question, it is a no with a ``problem``.
        """
        answer = read(self._asked(question(number, caller, product, more), self._seconds), Verdict)
        return answer if isinstance(answer, Verdict) else Verdict(problem=answer, id=more.get("id"))

    def may_call_many(self, calls: Iterable[Mapping[str, Any]]) -> list[Row]:
        """Ask for many calls; each a mapping with the fields of a question. In their order, each yes or no."""
        rows: list[Row] = []
        for request, count in batches(calls):
            rows += rows_of(read(self._asked(request, _LONG), Verdicts), count)
        return rows

    def use_permit(self, permit: str, *, number: str, presents: str, campaign: str = "") -> Use:
        """Show a permit for the call that is about to be made; it is used up. A no where there is no answer."""
        answer = read(self._asked(permit_use(permit, number, presents, campaign), self._seconds), Use)
        return answer if isinstance(answer, Use) else Use(problem=answer)

    def record(self, *events: Mapping[str, Any]) -> Outcome:
        """Record events; each a mapping with ``event``, ``number`` and the fields of that event.

        Raises:
            NotRecorded: when it is not known that they are recorded. Sending them again does no harm.
        """
        answer = read(self._asked(recording(events), _LONG), Outcome)
        if isinstance(answer, Problem):
            raise NotRecorded(answer)
        return answer

    def _asked(self, request: Send, seconds: float) -> Reply:
        steps = exchange(request, seconds=seconds, clock=time.monotonic)
        step: Send | Wait = next(steps)
        while True:
            came: Reply | None = None
            if isinstance(step, Wait):
                time.sleep(step.seconds)
            else:
                came = self._sent(step)
            try:
                step = steps.send(came)
            except StopIteration as done:
                reply: Reply = done.value
                return reply

    def _sent(self, request: Send) -> Reply:
        try:
            answer = self._http.request(
                request.method,
                request.path,
                content=request.body,
                headers=dict(request.headers),
                timeout=request.seconds,
            )
        except httpx.HTTPError:
            return Reply(0)
        return Reply(answer.status_code, answer.content, retry_after(answer.headers.get("Retry-After", "")))
