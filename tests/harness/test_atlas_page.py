"""The page of a survey in a browser: what a person sees, clicks and types."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

import pytest

from results.atlas.page import page
from tests.harness.browser import CHROMIUM, DRIVER, browser, requests, screen
from tests.results.atlas.survey import ABOUT, ISSUE, a_survey, answers, convention, off

if not (CHROMIUM and DRIVER):
    pytest.skip("chromium and chromedriver are not installed", allow_module_level=True)
if find_spec("selenium") is None:
    pytest.skip("the package selenium is not installed", allow_module_level=True)

WRONG = 7 * 16 + 14  # det, jax:eager, forward over forward, at the generic point
KNOWN = 7 * 16 + 5 * 16 + 10  # det, torch:compile, reverse over reverse
KINK = 2  # abs, jax:eager, gradient
CELL = '#map [data-at="1,0,7"]'


def surveyed():
    records = answers()
    records[WRONG] = replace(records[WRONG], **off(4.2, 2.4, 0.43))
    records[KNOWN] = replace(records[KNOWN], **{**off(1, 2, 1.0), "known": ISSUE})
    for place in range(KINK, len(records) // 2, 16):
        value = 0.5 if records[place].backend == "numpy" else 0.0
        records[place] = replace(records[place], **convention(value))
    return records


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "atlas.html"
    path.write_text(page(a_survey(), surveyed(), ABOUT), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    with browser(tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture
def opened(driver, file):
    """The page as it is when it is opened: wide, light, nothing chosen."""
    driver.get("about:blank")
    screen(driver, 1280, 900)
    requests(driver), driver.get_log("browser")
    driver.get(file.as_uri())
    return driver


def text(driver, selector):
    return driver.execute_script("return document.querySelector(arguments[0]).innerText", selector)


def names(driver):
    rows = "[...document.querySelectorAll('#map .row > b')].map(one => one.textContent)"
    return driver.execute_script(f"return {rows}")


def choose(driver, name, value):
    driver.execute_script(
        "const one = document.getElementById(arguments[0]); one.value = arguments[1];"
        "one.dispatchEvent(new Event('input', {bubbles: true}))",
        name,
        value,
    )


def press(driver, selector):
    driver.execute_script("document.querySelector(arguments[0]).click()", selector)


def detail(driver):
    return text(driver, "#detail") if is_open(driver) else None


def is_open(driver):
    return driver.execute_script("return document.getElementById('detail').open")


def keys(driver, *typed):
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(driver).send_keys(*typed).perform()


def test_it_opens_from_a_file_asks_for_nothing_else_and_has_no_complaint(opened, file):
    assert names(opened) == ["abs", "det"]
    press(opened, CELL)
    assert [one for one in requests(opened) if not one.startswith("data:")] == [file.as_uri()]
    assert opened.get_log("browser") == []


def test_the_proof_that_nothing_is_asked_for_can_fail(opened):
    opened.get("data:text/html,<img src='http://example.invalid/x.png'>")
    assert "http://example.invalid/x.png" in requests(opened)


def test_every_cell_has_its_symbol_and_says_what_it_is(opened):
    cell = f"document.querySelector('{CELL}')"
    assert opened.execute_script(f"return {cell}.innerText") == "X"
    label = opened.execute_script(f"return {cell}.getAttribute('aria-label')")
    assert label == "det, jax:eager, second forward-over-forward: wrong"
    assert opened.execute_script("return document.querySelectorAll('#map [data-at]').length") == 112


@pytest.mark.parametrize(
    ("name", "value", "left", "cells"),
    [
        ("q", "DE", ["det"], 56),
        ("q", "nothing like it", [], 0),
        ("chapter", "elementwise", ["abs"], 56),
        ("runner", "tensorflow", ["abs", "det"], 32),
        ("runner", "torch:eager", ["abs", "det"], 16),
        ("way", "hvp reverse-over-forward", ["abs", "det"], 14),
    ],
)
def test_filters_leave_what_they_name(opened, name, value, left, cells):
    choose(opened, name, value)
    assert names(opened) == left
    found = opened.execute_script("return document.querySelectorAll('#map [data-at]').length")
    assert found == cells


def test_a_state_leaves_the_primitives_that_have_it_and_clear_takes_all_back(opened):
    press(opened, '.chip[data-state="0"]')
    assert names(opened) == ["det"] and "1 of 2 primitives" in text(opened, "#shown")
    assert opened.execute_script("return location.hash") == "#state=wrong"
    press(opened, ".filters [type=reset]")
    assert names(opened) == ["abs", "det"]
    assert opened.execute_script("return location.hash") == ""


def test_the_address_holds_what_is_chosen(opened, file):
    choose(opened, "q", "det")
    choose(opened, "runner", "jax")
    address = opened.execute_script("return location.href")
    opened.get("about:blank")
    opened.get(address)
    assert names(opened) == ["det"]
    assert "jax:eager" in text(opened, "#map") and "torch" not in text(opened, "#map")


def test_an_address_opens_a_cell_and_nonsense_opens_none(opened, file):
    for cell, shown in (("det|jax:eager|second forward-over-forward", True), ("x|y|z", False)):
        opened.get("about:blank")
        opened.get(f"{file.as_uri()}#cell={cell}")
        assert is_open(opened) == shown


def test_a_click_on_a_cell_opens_its_numbers_and_its_reproducer(opened):
    press(opened, CELL)
    said = detail(opened)
    for line in (
        *("det · second forward-over-forward · jax:eager", "the determinant of A"),
        *("jnp.linalg.det(A)", "A = [[1, 2], [3, 4]]", "4.2", "2.4", "4.3e-01"),
        f"harness repro {surveyed()[WRONG].id}",
    ):
        assert line in said
    assert said.index("wrong · generic") < said.index("right · identity")
    assert "Side by side" in said and "torch:compile" in said


def test_a_known_failure_links_to_its_issue(opened):
    press(opened, '#map [data-at="1,5,5"]')
    assert opened.execute_script("return document.querySelector('#detail a').href") == ISSUE


def test_the_list_of_what_was_found_opens_cells_news_first(opened):
    found = opened.execute_script(
        "return [...document.querySelectorAll('#found button')].map(one => one.innerText)"
    )
    assert ["jax:eager: wrong" in found[0], "torch:compile: known" in found[1]] == [True, True]
    assert "at generic: expected 4.2, got 2.4, relative error 4.3e-01" in found[0]
    press(opened, "#found button")
    assert "det · second forward-over-forward · jax:eager" in detail(opened)


def test_the_keyboard_moves_opens_and_closes(opened):
    from selenium.webdriver.common.keys import Keys

    opened.execute_script("document.querySelector('#map [data-at]').focus()")
    keys(opened, Keys.ARROW_DOWN, *[Keys.ARROW_RIGHT] * 8, Keys.ARROW_LEFT, Keys.ENTER)
    assert "det · second forward-over-forward · jax:eager" in detail(opened)
    keys(opened, Keys.ESCAPE)
    assert not is_open(opened)
    focused = opened.execute_script("return document.activeElement.dataset.at")
    assert focused == "1,0,7"
    tabbed = opened.execute_script(
        "return document.querySelectorAll('#map [tabindex=\"0\"]').length"
    )
    assert tabbed == 1


def test_the_reproducer_can_be_copied(opened):
    press(opened, CELL)
    press(opened, "#detail .copy")
    done = "return document.querySelector('#detail .copy').innerText"
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(opened, 5).until(lambda driver: driver.execute_script(done) != "Copy")
    assert opened.execute_script(done) in ("Copied", "Selected")


def test_conventions_stand_side_by_side(opened):
    press(opened, "#conventions summary")
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(opened, 5).until(lambda driver: "abs" in text(driver, "#conventions"))
    assert "1/2" in text(opened, "#conventions table")


def overflow(driver):
    return driver.execute_script("return document.documentElement.scrollWidth - innerWidth")


def test_a_phone_scrolls_the_map_and_not_the_page(opened):
    screen(opened, 360, 740)
    assert overflow(opened) <= 0
    box = "const box = document.getElementById('box');"
    assert opened.execute_script(f"{box} return box.scrollWidth > box.clientWidth + 300")
    opened.execute_script(f"{box} box.scrollLeft = 400")
    name = "document.querySelector('#map .row > b').getBoundingClientRect().left"
    left = opened.execute_script(f"{box} return {name} - box.getBoundingClientRect().left")
    assert 0 <= left <= 2  # the names stay
    press(opened, "#conventions summary")
    press(opened, CELL)
    assert overflow(opened) <= 0
    assert opened.execute_script(
        "const one = document.getElementById('detail'); return one.scrollWidth - one.clientWidth"
    ) <= 0  # fmt: skip


def test_colours_follow_the_scheme(opened):
    light = "return getComputedStyle(document.body).backgroundColor"
    day = opened.execute_script(light)
    screen(opened, 1280, 900, scheme="dark")
    night = opened.execute_script(light)
    brightness = [sum(map(int, one.strip("rgb()").split(", "))) for one in (day, night)]
    assert brightness[0] > 700 and brightness[1] < 150
