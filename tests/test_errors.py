"""Errors give away no password, and steer no terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrain_kit.errors import Fault, names_in_words, without_secrets


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://user:secret@host/a.jpg", "https://…@host/a.jpg"),
        ("https://token@host/a.jpg", "https://…@host/a.jpg"),
        ("https://u:pa/ss@host/x", "https://…@host/x"),
        ("https://u:p?w@host/x", "https://…@host/x"),
        ("s3://key:s'x@bucket/c", "s3://…@bucket/c"),
        ("http://host:8080/a@b", "http://host:8080/a@b"),
        ("https://host/@me", "https://host/@me"),
        ("https://host/a?token=abc&x=1;y=2", "https://host/a?token=…&x=…;y=…"),
        ("https://host/a?abc", "https://host/a?…"),
        ("https://host/a#access_token=5", "https://host/a#…"),
        ("https://host/a#section", "https://host/a#section"),
        ("'ftp://u:p@h/x?y' and http://a.org/b", "'ftp://…@h/x?…' and http://a.org/b"),
        ("no address: a@b.org", "no address: a@b.org"),
    ],
)
def test_an_address_shows_where_something_is_and_not_how_one_gets_in(text, shown):
    assert without_secrets(text) == shown
    assert str(Fault(text, text, text, text)) == f"{shown}: found {shown}; expected {shown}. {shown}"


secrets = st.text("abcXYZ019._~-!$*+,", min_size=6, max_size=12).map(lambda text: f"Q{text}Q")


@given(secrets, secrets, st.sampled_from(["https", "http", "ftp", "s3", "gs", "sftp"]), secrets)
def test_whatever_the_password_it_is_not_shown(user, password, scheme, token):
    shown = str(Fault(f"{scheme}://{user}:{password}@host/a?sig={token}", "x", "y"))
    assert not {word for word in (user, password, token) if word in shown}


def test_a_fault_is_shown_without_signs_that_steer_a_terminal():
    assert str(Fault("a\x1b[31m\u202eb\udcff", "x", "y")) == "a\\x1b[31m\\u202eb\\udcff: found x; expected y."


def test_of_many_names_the_first_are_told():
    assert names_in_words([str(n) for n in range(10)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    assert names_in_words([str(n) for n in range(2010)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2,000 more"
    assert names_in_words(["a\nb"]) == "a\\nb"
