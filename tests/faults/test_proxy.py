"""The fault-injecting proxy itself: what a client sees of each fault, and what the server did."""

import httpx
import pytest

from annotate.labelstudio.connection import Connection, http_client

from .proxy import ANSWERS, CONNECTION, FaultProxy, Plan


def titles(connection: Connection) -> list[str]:
    with http_client(connection) as client:
        return [project["title"] for project in client.get("/api/projects/?page_size=1000").json()["results"]]


@pytest.mark.parametrize("fault", [*ANSWERS, *CONNECTION])
def test_a_fault_is_seen_by_the_client_and_the_server_did_what_its_name_says(
    studio_connection: Connection, fault: str
) -> None:
    title = f"proxy, {fault}"
    config = "<View><Text name='t' value='$text'/></View>"
    with FaultProxy(studio_connection.url, hold=0.6) as proxy:
        through = Connection(proxy.url, studio_connection.token, "proxy")
        proxy.plan = Plan(seed=1, rate=1, kinds=[fault], limit=1)
        with http_client(through, timeout=0.5 if "time-out" in fault else 20) as client:
            if fault in ANSWERS:
                answer = client.post("/api/projects/", json={"title": title, "label_config": config})
                assert answer.status_code == ANSWERS[fault][0]
                assert answer.content == ANSWERS[fault][2]
            else:
                expected = httpx.ReadTimeout if "time-out" in fault else httpx.TransportError
                with pytest.raises(expected):
                    client.post("/api/projects/", json={"title": title, "label_config": config})
        with http_client(through) as client:
            assert client.get("/api/version").is_success, "the fault is gone"
        assert [entry[2] for entry in proxy.log] == [fault, None]
        proxy.settle()
    done = titles(studio_connection).count(title)
    assert done == (1 if fault.endswith(("after", "late")) or fault == "cut answer" else 0)


def test_without_a_fault_all_goes_through_unchanged(studio_connection: Connection) -> None:
    with FaultProxy(studio_connection.url, hold=1) as proxy:
        through = Connection(proxy.url, studio_connection.token, "proxy")
        with http_client(through) as client, http_client(studio_connection) as direct:
            path = "/api/current-user/whoami"
            assert client.get(path).json() == direct.get(path).json()
            assert client.get("/api/projects/999999999").status_code == 404


def test_a_plan_is_the_same_for_a_seed() -> None:
    first, second = (Plan(seed=7, rate=0.3) for _ in range(2))
    drawn = [first.next() for _ in range(200)]
    assert drawn == [second.next() for _ in range(200)]
    assert 30 < first.done < 90
    assert Plan(seed=7, rate=1, limit=2).next() is not None
