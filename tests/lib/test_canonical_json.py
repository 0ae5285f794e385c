"""One text for one value, whatever the way it was built."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultation.lib.canonical_json import _ordered, canonical

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(_VALUES)
def test_the_quick_way_writes_what_the_sure_way_writes(value: Any) -> None:
    text = json.dumps(_ordered(value), ensure_ascii=False, separators=(",", ":"))
    assert canonical(value) == text.encode()


@given(_VALUES)
def test_what_was_written_is_read_as_the_same_value(value: Any) -> None:
    assert json.loads(canonical(value)) == value


def test_keys_are_sorted_by_utf_16_code_units() -> None:
    assert canonical({"\ufb01": 1, "\U0001f600": 2, "b": 3, "a": 4}).decode() == (
        '{"a":4,"b":3,"\U0001f600":2,"\ufb01":1}'
    )


def test_a_whole_float_is_written_as_the_integer_it_is() -> None:
    assert canonical([40.0, 2.5, "1.0"]) == b'[40,2.5,"1.0"]'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {"\udfff": 1}])
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):
        canonical(value)
