"""Accounts for annotators, made through the invitation that Label Studio itself offers.

The open edition has no roles: who is invited can do all that the owner can.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from annotate.errors import StudioError
from annotate.labelstudio.connection import Connection, checked, http_client, unreachable
from annotate.labelstudio.secret import Secret
from annotate.labelstudio.state import new_password

if TYPE_CHECKING:
    import httpx

_FORM_ERROR = re.compile(r"<li>\s*([^<]+?)\s*</li>")


@dataclass(frozen=True, slots=True)
class Invitation:
    """An annotator's account. `password` is known only when the account was made just now; it is kept nowhere."""

    email: str
    password: Secret | None
    created: bool
    login_url: str


def invite_link(connection: Connection) -> str:
    """Address under which anybody who has it can make an account with a password of their own."""
    with _session(connection) as client:
        return f"{connection.public_url}/user/signup/?{urlencode({'token': _invite_token(client, connection)})}"


def invite(connection: Connection, emails: Sequence[str]) -> list[Invitation]:
    """Make an account with a random password for each address; addresses that have one are left as they are.

    Raises:
        StudioError: the server did not take an address; accounts made before that stay, and a second run goes on.
    """
    wanted = list(dict.fromkeys(email.strip().lower() for email in emails))
    login = f"{connection.public_url}/user/login/"
    invitations = []
    with _session(connection) as client:
        known = _known_addresses(client, connection)
        token = _invite_token(client, connection)
        for email in wanted:
            password = None if email in known else _sign_up(connection, token, email)
            invitations.append(Invitation(email, password, password is not None, login))
    return invitations


def _session(connection: Connection) -> "httpx.Client":
    return http_client(connection)


def _get(client: "httpx.Client", connection: Connection, path: str) -> "httpx.Response":
    import httpx

    try:
        return checked(client.get(path), connection)
    except httpx.HTTPError as error:
        raise unreachable(connection, error) from error


def _known_addresses(client: "httpx.Client", connection: Connection) -> set[str]:
    return {str(user["email"]).lower() for user in _get(client, connection, "/api/users/").json()}


def _invite_token(client: "httpx.Client", connection: Connection) -> str:
    return str(_get(client, connection, "/api/invite").json()["token"])


def _sign_up(connection: Connection, token: str, email: str) -> Secret:
    """Fill in the form that an invited person sees. It has no API of its own in the open edition."""
    import httpx

    password = new_password()
    # A client of its own: the form is only shown to somebody who is not logged in.
    try:
        with http_client(connection) as client:
            del client.headers["Authorization"]
            checked(client.get("/user/signup/", params={"token": token}), connection)
            form = {
                "email": email,
                "password": password.reveal(),
                "csrfmiddlewaretoken": client.cookies.get("csrftoken", ""),
            }
            answer = client.post(
                "/user/signup/", params={"token": token}, data=form, headers={"Referer": connection.url}
            )
    except httpx.HTTPError as error:
        raise unreachable(connection, error) from error
    if answer.is_redirect:
        return password
    reasons = " ".join(unescape(text) for text in _FORM_ERROR.findall(answer.text)) or f"status {answer.status_code}"
    raise StudioError(f"Label Studio did not take the address {email}: {reasons}", remedy="check the address")
