"""A figure in double square brackets is marked for readers, and bare when it is read aloud."""

from hypothesis import given
from hypothesis import strategies as st

from manuals import sample_values


def test_brackets_become_a_mark_and_html_is_escaped():
    html = sample_values.marked("<b>Pay</b> [[$30.00]]")
    assert html == '&lt;b&gt;Pay&lt;/b&gt; <span class="sample-value">$30.00</span>'


def test_brackets_are_neither_spoken_nor_counted():
    assert sample_values.plain("Pay [[$30.00]] within [[10 days]].") == "Pay $30.00 within 10 days."
    assert sample_values.count_words("Pay [[$30.00]] within [[10 days]].") == 5


@given(st.text())
def test_no_text_reaches_the_page_unescaped(text):
    html = sample_values.marked(text)
    assert "<" not in html.replace('<span class="sample-value">', "").replace("</span>", "")
