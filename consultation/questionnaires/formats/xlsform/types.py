"""The types of XLSForm rows, as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPELLINGS = {
    "string": "text", "int": "integer", "datetime": "dateTime", "date_time": "dateTime",
    "photo": "image", "picture": "image", "trigger": "acknowledge", "gps": "geopoint",
    "location": "geopoint", "line": "geotrace", "shape": "geoshape", "phone_number": "digits",
    "percentage": "integer", "number_of_days_in_last_month": "integer",
    "number_of_days_in_last_six_months": "integer", "number_of_days_in_last_year": "integer",
    "start_time": "start", "end_time": "end", "device_id": "deviceid", "imei": "deviceid",
    "subscriber_id": "subscriberid", "sim_id": "simserial", "get_phone_number": "phonenumber",
    "begin_lgroup": "begin_repeat", "begin_looped_group": "begin_repeat",
    "end_lgroup": "end_repeat", "end_looped_group": "end_repeat",
    "select1": "select_one", "selectone": "select_one", "selectmultiple": "select_multiple",
    "select_all_that_apply": "select_multiple",
}  # fmt: skip
MOST = {
    "percentage": 100, "number_of_days_in_last_month": 31,
    "number_of_days_in_last_six_months": 183, "number_of_days_in_last_year": 365,
}  # fmt: skip
"""The types that are whole numbers from zero up to a bound."""

_SELECT = re.compile(
    r"(?P<verb>select(?:[ _]?one|1)|select[ _](?:all[ _]that[ _]apply|multiple)|select|rank)"
    r"(?P<file>[ _]from[ _]file|[ _]external)?(?:[ _]prompt)?"
    r" +(?:(?:from|using) +)?(?P<list>.+)",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\s+or[ _](?:specify[ _])?other\s*$", re.IGNORECASE)
_OLD = re.compile(r"(?:add|q)[ _]+(?P<kind>.+?)(?:[ _]prompt)?", re.IGNORECASE)
_CONTROL = re.compile(r"(?P<verb>begin|end)[ _]+(?P<what>.+)", re.IGNORECASE)

META = {
    "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username",
    "email", "audit", "uri:deviceid", "uri:subscriberid", "uri:simserial", "uri:phonenumber",
    "uri:username", "uri:email", "start-geopoint", "background-audio", "background-geopoint",
    "xml-external", "csv-external", "entity", "caseid",
}  # fmt: skip
"""What the tool that fills the form writes by itself."""


@dataclass(frozen=True, slots=True)
class RowType:
    """A type read: its name, the list or file it names, whether it adds « other ».

    ``most`` is the bound of the types that have one.
    """

    name: str
    list_name: str = ""
    other: bool = False
    from_file: bool = False
    external: bool = False
    most: int | None = None


def row_type(text: str) -> RowType:
    """Read the cell ``type`` of a row."""
    bare = re.sub(r"\s+", " ", text.strip())
    control = _CONTROL.fullmatch(bare)
    if control and (found := _control(control)):
        return found
    old = _OLD.fullmatch(bare)
    if old:
        bare = old["kind"]
    chosen = _OTHER.sub("", bare)
    selected = _SELECT.fullmatch(chosen)
    if selected and _simple(chosen).name not in ("select_one", "select_multiple"):
        return _choice(selected, bare)
    return _simple(chosen)


def _control(found: re.Match[str]) -> RowType | None:
    """Return the beginning or the end of a group, a repeat or a loop."""
    what = found["what"].lower().replace(" ", "_")
    word = what.split("_")[0]
    name = f"{found['verb'].lower()}_{word}"
    name = _SPELLINGS.get(f"{found['verb'].lower()}_{what}", _SPELLINGS.get(name, name))
    return RowType(name) if name.partition("_")[2] in ("group", "repeat", "loop") else None


def _choice(selected: re.Match[str], bare: str) -> RowType:
    verb = selected["verb"].lower().replace(" ", "_")
    if verb == "rank":
        name = "rank"
    else:
        name = "select_one" if verb.endswith(("one", "1")) else "select_multiple"
    file = (selected["file"] or "").lower()
    return RowType(
        name,
        selected["list"].strip(),
        other=bool(_OTHER.search(bare)),
        from_file="file" in file,
        external="external" in file,
    )


def _simple(bare: str) -> RowType:
    low = bare.lower().replace(" ", "_")
    name = _SPELLINGS.get(low) or _SPELLINGS.get(low.removeprefix("get_"), low.removeprefix("get_"))
    if name.replace("_", "-") in META:
        name = name.replace("_", "-")
    return RowType(name, most=MOST.get(low))
