"""Annotators' accounts on a real server."""

import httpx
import pytest

from annotate.errors import StudioAuthError, StudioError
from annotate.labelstudio.accounts import Invitation, invite, invite_link
from annotate.labelstudio.connection import Connection
from annotate.labelstudio.secret import Secret


def logs_in(invitation: Invitation) -> bool:
    assert invitation.password is not None
    with httpx.Client(trust_env=False) as client:
        client.get(invitation.login_url)
        form = {"email": invitation.email, "password": invitation.password.reveal()}
        form["csrfmiddlewaretoken"] = client.cookies["csrftoken"]
        return client.post(invitation.login_url, data=form).is_redirect


def test_invited_annotators_can_log_in_and_are_not_invited_twice(studio_connection: Connection) -> None:
    sari, budi = invite(studio_connection, ["Sari@redaksi.example", "budi@redaksi.example", "sari@redaksi.example "])
    assert (sari.email, sari.created, budi.created) == ("sari@redaksi.example", True, True)
    assert sari.password != budi.password
    assert logs_in(sari)
    assert logs_in(budi)
    again = invite(studio_connection, ["budi@redaksi.example"])
    assert again == [Invitation("budi@redaksi.example", None, False, budi.login_url)]
    assert logs_in(budi)


def test_what_is_no_address_is_refused_with_the_servers_reason(studio_connection: Connection) -> None:
    with pytest.raises(StudioError, match=r"did not take the address bukan-alamat: Enter a valid email"):
        invite(studio_connection, ["bukan-alamat"])


def test_only_who_has_the_link_can_sign_up(studio_connection: Connection) -> None:
    link = invite_link(studio_connection)
    with httpx.Client(trust_env=False) as client:
        page = client.get(link)
        assert page.is_success
        form = {"email": "tamu@luar.example", "password": "sandi-yang-panjang"}
        form["csrfmiddlewaretoken"] = client.cookies["csrftoken"]
        assert client.post(link.split("?")[0], data=form).status_code == 403
        assert client.post(link, data=form).is_redirect


def test_a_wrong_token_invites_nobody(studio_connection: Connection) -> None:
    with pytest.raises(StudioAuthError):
        invite(Connection(studio_connection.url, Secret("0" * 40), "option"), ["x@redaksi.example"])
