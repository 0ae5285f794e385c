"""The regular expressions of `matches`, compared with Python's and attacked."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.questionnaires.expressions.automaton import PatternError
from consultation.questionnaires.expressions.patterns import compile_pattern

_atoms = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", "[a-c]", r"\.", "é"])
_repeats = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.builds("({}){}".format, inner, _repeats)
    plain = st.builds("(?:{})".format, inner)
    either = st.builds("{}|{}".format, inner, inner)
    return group | plain | either | st.builds("{}{}".format, inner, inner)


patterns = st.recursive(st.builds("{}{}".format, _atoms, _repeats), _larger, max_leaves=5)


@given(patterns, st.text(st.sampled_from("ab1.é\n"), max_size=6))
def test_a_pattern_means_what_it_means_in_python(pattern: str, text: str) -> None:
    assert compile_pattern(pattern).accepts(text) == bool(re.fullmatch(pattern, text))


@given(st.text(max_size=30) | st.text(st.sampled_from(r"ab()[]{}|*+?\^$.-&2,d"), max_size=12))
def test_any_text_is_a_pattern_or_an_error_with_its_place(source: str) -> None:
    try:
        compile_pattern(source).accepts("ab2")
    except PatternError as error:
        assert 0 <= error.offset <= len(source)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        (r"\d{5}", "33000", "3300"),
        ("^[A-Z]{2}[0-9]{2}$", "FR76", "fr76"),
        (r"[^@ ]+@[^@ ]+\.[a-z]{2,}", "claire@pole.fr", "claire@pole"),
        ("(oui|non)?", "", "ouinon"),
        ("[]a]+", "]a", "["),
        ("[[]", "[", "]"),
        ("[a-]+", "a-", "b"),
        (r"a\$", "a$", "a"),
        ("", "", "a"),
        ("a||b", "", "c"),
    ],
)
def test_usual_patterns(pattern: str, yes: str, no: str) -> None:
    assert compile_pattern(pattern).accepts(yes)
    assert not compile_pattern(pattern).accepts(no)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a)\1", "(?=a)", "(?<n>a)", "(?i)a", r"\bmot\b", r"\p{L}", "a**", "a+*", "*a", "a{",
        "a{,3}", "a{3,2}", "(a", "a)", "[a", "[z-a]", "a^b", "a$b", "\\", "[a--b]", "[a&&b]",
        "a{1000}{1000}",
        "(((a{9}){9}){9}){9}", "((){999}){999}", "a" * 301, "(" * 30 + ")" * 30,
    ],
)  # fmt: skip
def test_what_is_not_supported_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("((a*)*)*b", "a" * 2000),
        ("(a|a)*b", "a" * 2000),
        ("(a|aa)+c", "a" * 2000),
        ("(.*)*" * 10 + "x", "ab" * 1000),
        ("a*" * 100 + "b", "a" * 2000),
        ("(a?){200}a{200}", "a" * 300),
        ("(\\w+\\s?)*!", "mot " * 500),
    ],
)
def test_a_pattern_that_explodes_elsewhere_takes_its_time_here(pattern: str, text: str) -> None:
    started = time.process_time()

    assert compile_pattern(pattern).accepts(text) in (True, False)
    assert time.process_time() - started < 5


def test_a_text_beyond_the_bound_never_matches() -> None:
    assert compile_pattern("a*").accepts("a" * 2000)
    assert not compile_pattern("a*").accepts("a" * 2001)
