"""The types of XLSForm rows, as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPELLINGS = {
    "string": "text", "int": "integer", "datetime": "dateTime", "date_time": "dateTime",
    "photo": "image", "trigger": "acknowledge", "gps": "geopoint", "location": "geopoint",
    "line": "geotrace", "shape": "geoshape", "phone_number": "phonenumber", "tel": "phonenumber",
    "begin_lgroup": "begin_group", "begin_looped_group": "begin_repeat", "end_lgroup": "end_group",
    "begin_loop": "begin_repeat", "end_loop": "end_repeat", "end_looped_group": "end_repeat",
    "select1": "select_one", "selectone": "select_one", "selectmultiple": "select_multiple",
}  # fmt: skip
_SELECT = re.compile(
    r"(?:add\s+)?(?P<verb>select(?:[ _]?one|1)|select[ _](?:all[ _]that[ _]apply|multiple)|rank)"
    r"(?P<file>[ _]from[ _]file|[ _]external)?(?:\s+prompt)?\s+(?:from\s+|using\s+)?(?P<list>.+)",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\s+or[ _](?:specify[ _])?other\s*$", re.IGNORECASE)

META = {
    "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username",
    "email", "audit", "uri:deviceid", "uri:subscriberid", "uri:simserial", "uri:phonenumber",
    "uri:username", "uri:email", "start-geopoint", "get_today", "get_start_time", "get_end_time",
    "xml-external", "csv-external", "entity", "caseid", "imei",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowType:
    """A type read: its name, the list or file it names, whether it adds « other »."""

    name: str
    list_name: str = ""
    other: bool = False
    from_file: bool = False


def row_type(text: str) -> RowType:
    """Read the cell ``type`` of a row."""
    bare = re.sub(r"\s+", " ", text.strip())
    selected = _SELECT.fullmatch(_OTHER.sub("", bare))
    if selected:
        verb = selected["verb"].lower().replace(" ", "_")
        name = (
            "rank"
            if verb == "rank"
            else "select_one"
            if verb.endswith(("one", "1"))
            else "select_multiple"
        )
        listed = selected["list"].strip()
        from_file = bool(selected["file"]) and "file" in selected["file"].lower()
        return RowType(name, listed, bool(_OTHER.search(bare)), from_file)
    low = bare.lower().replace(" ", "_")
    return RowType(_SPELLINGS.get(low, low if low != "datetime" else "dateTime"))
