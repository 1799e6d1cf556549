"""The document around a page says nothing in the framework's own words."""

import re

import pytest
from starlette.testclient import TestClient

from dashboard import server
from dashboard.document import STOCK
from dashboard.language import LANGUAGES, catalogue

TEMPLATE = re.compile(r'<script[^>]*id="vue-app-template".*?</script>', re.DOTALL)
HIDDEN = re.compile(r"<!--.*?-->", re.DOTALL)
SAID = re.compile(r">([^<>]*)<")
# Never shown as words: of the debugging mode, and the place where the page goes.
UNSEEN = {
    "Clear messages",
    "mdi-bug-outline",
    "mdi-trash-can-outline",
    'A widget with mount-id="solara-main" should go here',
}


@pytest.fixture(scope="module")
def site():
    """A client of the whole application, without the warming up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "warm_up", lambda: None)
        with TestClient(server.create_app(), base_url="http://localhost:8765") as client:
            yield client


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_the_framework_could_say_is_said_in_the_readers_words(site, language):
    document = site.get("/", params={"lang": language}).text
    found = TEMPLATE.search(document)
    assert found is not None
    said = {" ".join(words.split()) for words in SAID.findall(HIDDEN.sub("", found[0]))}
    told = {words for words in said if re.search("[A-Za-z]{2}", re.sub(r"\{\{.*?\}\}", "", words))} - UNSEEN
    assert told and told <= set(catalogue(language).values())


def test_nothing_is_left_of_what_is_replaced(site):
    document = site.get("/").text
    assert [stock for stock, _ in STOCK if re.search(stock, document)] == []
