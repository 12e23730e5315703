"""Dates of publication as ISO 8601, where the source can be understood; else as the source has them."""

import re
from datetime import UTC, date, datetime
from typing import Any, Final

# First three letters, in Indonesian and in English, and the forms that newsrooms use besides.
_MONTHS: Final = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "agt": 8,
    "ags": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
_ZONES: Final = {"WIB": "+07:00", "WITA": "+08:00", "WIT": "+09:00", "GMT": "+00:00", "UTC": "+00:00", "Z": "+00:00"}
# "Senin, 22 Februari 2021 | 10:15 WIB", "22 Feb 2021 - 10.15", "Mon, 22 Feb 2021 10:15:00 +0700"
_WRITTEN: Final = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})[ -]+(?P<month>[A-Za-z]{3,9})\.?[ ,-]+(?P<year>(?:19|20)\d\d)(?!\d)"
    r"(?:[^\d\n]{1,9}(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?"
    r"(?:\ ?(?P<zone>WIB|WITA|WIT|GMT|UTC|Z|[+-]\d\d:?\d\d)\b)?)?"
)
# Seconds (or milliseconds) since 1970 that fall between 1990 and 2100.
_EPOCH: Final = (631152000, 4102444800)


def iso_date(value: Any) -> str | None:
    """`2021-02-22`, `2021-02-22T10:15:00+07:00`; what cannot be understood with certainty is left as it is.

    Days and months in figures only (`03/04/2021`) are not understood: their order is not known.
    """
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _from_epoch(value)
    text = str(value).strip()
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return _from_words(text) or text or None
    return text[:10] + "T" + text[11:] if text[10:11] == " " else text


def _from_epoch(value: float) -> str:
    for seconds in (value, value / 1000):
        if _EPOCH[0] <= seconds < _EPOCH[1]:
            return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return str(value)


def _from_words(text: str) -> str | None:
    found = _WRITTEN.search(text)
    month = _MONTHS.get(found["month"][:3].lower()) if found else None
    if not found or not month:
        return None
    try:
        day = date(int(found["year"]), month, int(found["day"])).isoformat()
        if found["hour"] is None:
            return day
        time = f"{int(found['hour']):02}:{found['minute']}:{found['second'] or '00'}"
        datetime.fromisoformat(f"{day}T{time}")
    except ValueError:
        return None
    zone = found["zone"] or ""
    return f"{day}T{time}" + _ZONES.get(zone, zone if ":" in zone or not zone else f"{zone[:3]}:{zone[3:]}")
