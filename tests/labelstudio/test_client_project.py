import threading

import pytest

from annotate.errors import ProjectMismatch
from annotate.labelstudio.client import Studio
from annotate.labelstudio.client_project import find_project, open_project
from annotate.labelstudio.config import config_hash, label_config
from tests.faults.proxy import FaultProxy, Plan


@pytest.fixture
def studio(studio_connection):
    with Studio.of(studio_connection) as studio:
        yield studio


def test_a_project_is_made_once_with_page_guideline_and_a_view(studio):
    made = open_project(studio, "Proyek satu", annotators=3)
    again = open_project(studio, "Proyek satu")
    assert made.created
    assert not again.created
    assert made.id == again.id
    assert again.config_hash == config_hash(label_config())
    settings = studio.get(f"api/projects/{made.id}/")
    assert "Lima label" in settings["expert_instruction"]
    assert settings["show_instruction"] is True
    assert settings["maximum_annotations"] == 3
    assert settings["show_collab_predictions"] is True
    views = studio.get("api/dm/views/", {"project": made.id})
    assert len(views) == 1
    assert "tasks:data.text" in views[0]["data"]["hiddenColumns"]["explore"]
    assert made.label_url == f"{studio.url}/projects/{made.id}/data?labeling=1"


def test_a_blind_project_shows_no_pre_marks(studio):
    made = open_project(studio, "Proyek buta", blind=True)
    assert studio.get(f"api/projects/{made.id}/")["show_collab_predictions"] is False
    assert find_project(studio, "Proyek buta").blind


def test_a_project_is_found_by_title_or_number_or_not_at_all(studio):
    made = open_project(studio, "Proyek “kutip” & <b>")
    assert find_project(studio, "Proyek “kutip” & <b>").id == made.id
    assert find_project(studio, made.id).title == made.title
    assert find_project(studio, "Proyek") is None


def test_a_page_that_does_not_fit_is_refused_with_what_is_missing_and_a_remedy(studio):
    xml = label_config().replace('alias="cue"', 'alias="pemarkah"')
    studio.post_once("api/projects/", {"title": "Halaman lain", "label_config": xml})
    with pytest.raises(ProjectMismatch, match='no label has the alias "cue"') as caught:
        open_project(studio, "Halaman lain")
    assert "atribusi studio config" in caught.value.remedy


def test_two_projects_of_one_title_are_not_guessed_between(studio):
    for _ in range(2):
        studio.post_once("api/projects/", {"title": "Kembar", "label_config": label_config()})
    with pytest.raises(ProjectMismatch, match="2 projects have the title"):
        find_project(studio, "Kembar")


def test_two_at_once_make_one_project(studio_connection):
    ids = []

    def work():
        with Studio.of(studio_connection) as studio:
            ids.append(open_project(studio, "Serentak").id)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 3
    assert len(set(ids)) == 1


@pytest.mark.parametrize("fault", ["500 after", "502 before", "cut after", "malformed JSON after"])
def test_a_fault_while_it_is_made_does_not_make_two(studio_connection, studio_server, fault):
    with FaultProxy(studio_server.url, hold=0.1) as proxy, Studio(proxy.url, studio_connection.token) as studio:
        studio.sleep = lambda _: None
        proxy.plan = Plan(seed=3, rate=0.4, kinds=(fault,), limit=4)
        title = f"Ganda {fault}"
        made = open_project(studio, title)
        proxy.plan = None
        assert find_project(studio, title).id == made.id


@pytest.mark.parametrize("title", ["", "ab", "x" * 51])
def test_a_title_that_label_studio_would_refuse_is_refused_here(studio, title):
    with pytest.raises(ProjectMismatch, match="3 to 50 characters"):
        open_project(studio, title)
