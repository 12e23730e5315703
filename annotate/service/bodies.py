"""What may come in: who sends it, how large it is, whether it is what the protocol says. Else a clear 4xx."""

import asyncio
import base64
import hmac
import json
from typing import Any, Final, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from annotate.labelstudio.backend import SECRET_HEADER, USER

LARGEST: Final = 32 << 20  # bytes of a body; a hundred long articles, or thousands of ordinary ones
ALL_AT_ONCE: Final = 96 << 20  # bytes of all bodies that are being worked on
_PATIENCE: Final = 30.0  # seconds for a body to arrive
Model = TypeVar("Model", bound=BaseModel)


class Task(BaseModel):
    """What we read of a task. Everything else in it is passed over."""

    id: int
    data: dict[str, Any]


class Setup(BaseModel):
    """Label Studio introduces a project: its number with the time when it was made, and its labelling page."""

    project: str
    schema_: str = ""

    model_config = {"alias_generator": lambda name: name.rstrip("_")}


class Predict(BaseModel):
    """Tasks that want pre-marks."""

    tasks: list[Task]
    project: str
    label_config: str = ""


class Event(BaseModel):
    """Something happened. A hint, so nothing in it is believed but that."""

    action: str
    project: Any = None


def check_secret(request: Request, secret: str) -> None:
    """Refuse whoever does not know the secret; how long that takes does not tell how much of it was right."""
    sent = request.headers.get(SECRET_HEADER, "")
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, sent = base64.b64decode(credentials, validate=True).decode().partition(":")
        except ValueError:
            user = ""
        sent = sent if user == USER else ""
    if not hmac.compare_digest(sent.encode(), secret.encode()):
        raise HTTPException(401, "the secret is missing or wrong", {"WWW-Authenticate": 'Basic realm="atribusi"'})


class Reader:
    """Reads bodies, not more of them at once than fit into memory."""

    def __init__(self, largest: int = LARGEST, all_at_once: int = ALL_AT_ONCE) -> None:
        self.largest = largest
        self.all_at_once = all_at_once
        self.held = 0

    async def read(self, request: Request) -> bytes:
        """The body. Whoever gets it gives its bytes back by `release` when done. Raises `HTTPException`."""
        said = request.headers.get("content-length")
        if said is not None and not said.isdecimal():
            raise HTTPException(400, "Content-Length is no number")
        if request.headers.get("content-encoding", "identity") != "identity":
            raise HTTPException(415, "send the body uncompressed")
        if said is not None and int(said) > self.largest:
            raise self._too_large()
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(_PATIENCE):
                async for part in request.stream():
                    size += len(part)
                    self.held += len(part)
                    if size > self.largest:  # without Content-Length nobody knows before
                        raise self._too_large()
                    if self.held > self.all_at_once:
                        raise HTTPException(503, "too much at once", {"Retry-After": "2"})
                    parts.append(part)
        except TimeoutError:
            self.release(size)
            raise HTTPException(408, f"the body did not arrive within {_PATIENCE:g} seconds") from None
        except BaseException:
            self.release(size)
            raise
        return b"".join(parts)

    def release(self, size: int) -> None:
        """A body of that many bytes is done with."""
        self.held -= size

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"the body is larger than {self.largest} bytes: ask for fewer tasks at once")


def parse(model: type[Model], body: bytes) -> Model:
    """The body as what it should be. Raises `HTTPException`: 400 if it is no JSON, 422 if other JSON.

    Not by pydantic's own reader of JSON: that refuses the whole of it for one lone surrogate in one article.
    """
    try:
        return model.model_validate(json.loads(body))
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3]]
        raise HTTPException(422, "; ".join(problems)) from None
    except (ValueError, RecursionError) as error:
        what = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
        raise HTTPException(400, f"the body is no JSON: {what}") from None


def project_number(named: str) -> int:
    """The project's number out of `39.1795309931`. Raises `HTTPException`."""
    number = named.partition(".")[0]
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        raise HTTPException(422, "project: is no number of a project")
    return int(number)
