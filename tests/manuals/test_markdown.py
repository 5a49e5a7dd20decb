"""Markdown is rendered, and nothing that could run comes through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manuals import markdown


def test_lists_tables_and_sample_values_are_rendered():
    html = markdown.render("- one\n- two\n\n| Fee | Amount |\n|---|--:|\n| Late | [[$10.00]] |\n")
    assert "<li>one</li>" in html
    assert '<td align="right"><span class="sample-value">$10.00</span></td>' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[click](javascript:alert(1))",
        '<a href="data:text/html,x">x</a>',
        '<p style="position:fixed">x</p>',
        "<iframe src='https://example.com'></iframe>",
    ],
)
def test_what_could_run_or_load_is_taken_out(text):
    html = markdown.render(text)
    for forbidden in ("<script", "onerror", "javascript:", "data:", "style=", "<iframe", "<img"):
        assert forbidden not in html


def test_a_step_has_no_paragraph_around_it():
    assert markdown.render_inline("Press **Post**.") == "Press <strong>Post</strong>."


@given(st.text())
def test_any_text_at_all_is_rendered(text):
    assert "<script" not in markdown.render(text).lower()
    markdown.render_inline(text)
