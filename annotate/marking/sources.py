"""What a source phrase tells: its kind, the name in it, the role and affiliation around the name.

`Kepala Bidang Humas Polda Papua Yosef Manurung` holds the role Kepala Bidang Humas at Polda Papua. An office takes its
territory or field with it (`Bupati Sleman`, `Menteri Keuangan`); of any other role the affiliation begins where the
name of an institution does (`annotate/lexicon/roles.tsv`, `organisations.tsv`).
"""

import re
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from annotate.datamodel import SourceKind
from annotate.lexicon import word_set
from annotate.marking import wordlists as lists
from annotate.marking.name_bounds import TITLED, is_acronym, opening_of
from annotate.marking.phrases import MAX_PHRASE, NO_NAMES, Phrase, read_phrase, words_of
from annotate.marking.wordlists import GIVEN, HEAD, NAME, PART, PLACE, ROLE, TERRITORY, TITLE
from annotate.spans import HasBounds

_AFTER_NAME: Final = re.compile(r"\s?\(\d{1,3}(?:\s?(?:tahun|th))?\)")
_MEMBER: Final = re.compile(r" dari ([A-Z][\w&'’-]*(?: (?:dan |of |for )?[A-Z][\w&'’-]*){0,8})")
_ASIDE_ENDS: Final = word_set("aside_ends")
_OF_A_FIELD: Final = word_set("of_a_field")
_ROMAN: Final = re.compile(r"[IVXLC]+\Z")
_ACTING: Final = frozenset(w for w, kind in lists.ROLE_KINDS.items() if kind == "acting")
_APPOSITION: Final = re.compile(r",\s+([^.,;:\"“”«»\n]{3,160})(?:[,.]|\s?\Z)")


class SourceDescription(NamedTuple):
    """What a source phrase says by itself. `name`, `role` and `affiliation` are words of the phrase as printed."""

    kind: SourceKind
    name: str | None
    role: str | None
    affiliation: str | None


def describe_source(text: str, span: HasBounds, short_names: Collection[str] = NO_NAMES) -> SourceDescription:
    """Kind, name, role and affiliation of the source phrase `text[span.start:span.end]`.

    An apposition right after the span (`Gilang Ramadhan (45), warga Desa Sukamaju, …`) tells role and affiliation too.
    `short_names` are names by which the document calls its speakers elsewhere.
    """
    phrase = read_phrase(text[span.start : min(span.end, span.start + MAX_PHRASE)], short_names)
    name = phrase.label if phrase.named else None
    role, affiliation = role_and_affiliation(phrase)
    if phrase.kind == "person" and role is None:
        role, affiliation = around_name(text, span.start, span.end)
    return SourceDescription(phrase.kind, name, role, affiliation)


def source_kind(words: str) -> SourceKind:
    """The kind of a source phrase."""
    return read_phrase(words).kind


def role_and_affiliation(phrase: Phrase) -> tuple[str | None, str | None]:
    """The office or trade in the phrase, and the institution where it is held, as printed; None where there is none."""
    if phrase.kind not in ("person", "unnamed") or len(phrase.parts) > 1:
        return None, None
    if not phrase.named:
        return split_role(list(phrase.words)) if phrase.head in lists.ROLE_KINDS else (None, None)
    before = split_role(list(phrase.words[: phrase.start]))
    return before if any(before) else split_role(list(phrase.words[phrase.end :]))


def split_role(tokens: list[str]) -> tuple[str | None, str | None]:
    """Divides `Kepala Bidang Humas Polda Papua` into office and institution."""
    while tokens and (tokens[0] in ",()" or tokens[0].lower() in lists.DETERMINERS):
        tokens = tokens[1:]
    if "asal" in tokens[1:]:
        tokens = tokens[: tokens.index("asal", 1)]  # `petani kopi asal Desa Sukamaju`
    tokens = _without_titles(tokens)
    if all(_only_title(word) for word in tokens):
        return None, None
    head = _role_head(tokens)
    if not head and (tokens[0][0].islower() or (len(tokens) > 1 and tokens[1].isalpha() and tokens[1].islower())):
        head = 1  # a trade that no table knows: `Penyintas gempa dari Koalisi Warga`
    elif not head:
        return None, _printed(tokens)
    kind = lists.ROLE_KINDS.get(opening_of(tokens[head - 1 :])[0]) or lists.ROLE_KINDS.get(opening_of(tokens)[0])
    cut = head
    while cut < len(tokens) and not _opens_affiliation(tokens, cut, kind or "post"):
        cut += 1
    if cut < len(tokens) and not lists.flags(tokens[cut]) & (HEAD | NAME):
        cut = next((i for i in range(cut + 1, len(tokens)) if _institution_at(tokens, i)), cut)
    cut = _outermost(tokens, cut)
    closing = cut == len(tokens) - 1 > head and lists.flags(tokens[cut]) & HEAD and not tokens[cut].isupper()
    if closing and tokens[cut - 1][0].isupper() and not lists.flags(tokens[cut - 1]) & ~PLACE:
        cut -= 1  # `Kobe University`
    role, rest = tokens[:cut], tokens[cut:]
    while role and role[-1].lower() in (",", "(", "di", "dari", "pada", "untuk", "dan", "of", "bernama", "berinisial"):
        role = role[:-1]
    if rest and rest[0] in ("di", "dari", "pada", ","):
        rest = rest[1:]
    for i, word in enumerate(rest):
        aside = word == "," and i + 1 < len(rest) and rest[i + 1].islower() and rest[i + 1] != "dan"
        if aside or word in ("sekaligus", "yang", "merangkap"):
            rest = rest[:i]
            break
    return _printed(role) or None, _printed(rest) or None


def _only_title(word: str) -> bool:
    """`Dokter` before a name is a title, `dokter` a trade."""
    if TITLED.match(word):
        return True
    return bool(lists.flags(word) & TITLE) and (word[0].isupper() or word not in lists.ROLE_KINDS)


def _role_head(tokens: list[str]) -> int:
    """How many words open the phrase as a role: `Kepala Bidang`, `Pelaksana Tugas Bupati`, `Resort Manager`; or 0."""
    opening = opening_of(tokens)[0]
    if opening in lists.ROLE_KINDS:
        size = len(opening.split())
        if opening in _ACTING and size < len(tokens):
            return size + (_role_head(tokens[size:]) if opening_of(tokens[size:])[0] in lists.ROLE_KINDS else 0)
        return size
    for i, word in enumerate(tokens[:4]):
        if lists.flags(word) & ROLE and all(t[0].isupper() for t in tokens[: i + 1]):
            return i + 1
    return 0


def _outermost(tokens: Sequence[str], cut: int) -> int:
    """Of an institution inside another, `Badan Pangan Kementerian Pertanian`, where the outer one begins."""
    depth = 0
    for i in range(cut + 1, len(tokens)):
        depth += (tokens[i] == "(") - (tokens[i] == ")")
        inner = i - cut > 1 and not lists.flags(tokens[i - 1]) & (HEAD | NAME)
        if not depth and inner and tokens[i + 1 : i + 2] != ["("] and _institution_at(tokens, i):
            cut = i
    return cut


def _institution_at(tokens: Sequence[str], i: int) -> bool:
    """Whether the name of an institution surely begins here."""
    flags = lists.flags(tokens[i])
    sure = flags & (NAME if i == len(tokens) - 1 else HEAD | NAME) and not flags & (PART | PLACE)
    return bool(sure and tokens[i][0].isupper() and tokens[i - 1] not in ("dan", ",", "&", "("))


def _without_titles(tokens: list[str]) -> list[str]:
    """The words without the commas, ranks and titles at their end: `Polri Brigadir Jenderal (Pol)` is `Polri`."""
    least = len(opening_of(tokens)[0].split()) if tokens else 0
    end = len(tokens)
    while end > least:
        last = tokens[end - 1]
        if last == ")" and "(" in tokens[:end]:
            opening = end - 1 - tokens[:end][::-1].index("(")
            if not all(lists.flags(t) & TITLE for t in tokens[opening + 1 : end - 1]):
                break
            end = opening
        elif last in (",", "(") or _is_title(tokens, end - 1):
            end -= 1
        else:
            break
    return tokens[:end]


def _is_title(tokens: Sequence[str], i: int) -> bool:
    flags = lists.flags(tokens[i])
    if i and f"{tokens[i - 1]} {tokens[i]}".lower() in lists.PLACE_PAIRS:
        return False
    return bool(flags & TITLE and (not flags & NAME or (i and lists.flags(tokens[i - 1]) & TITLE)))


def _opens_affiliation(tokens: Sequence[str], i: int, kind: str) -> bool:
    word = tokens[i]
    flags = lists.flags(word)
    if word in ("di", "dari", "pada") and i + 1 < len(tokens):
        return kind != "office" and tokens[i + 1][0].isupper()
    if not word[0].isupper() or _ROMAN.match(word):
        return False
    if kind == "office" and any(t.lower().startswith(("menteri", "menko", "wamen")) for t in tokens[:3]):
        return False
    if flags & HEAD:
        return not (word == "Komisi" and i + 1 < len(tokens) and _ROMAN.match(tokens[i + 1]))
    if flags & NAME:
        return kind != "office" or bool(i and lists.flags(tokens[i - 1]) & ROLE)
    if flags & (ROLE | PART | PLACE | TERRITORY | GIVEN):
        return False
    before = lists.flags(tokens[i - 1]) if i else 0
    # `Kepala Seksi Panen Raya Dinas Pertanian`: the field of a section runs up to the next institution
    in_field = (tokens[i - 1] == "(" or not is_acronym(word)) and any(t.lower() in _OF_A_FIELD for t in tokens[:i])
    return kind == "post" and not before & TERRITORY and not in_field


def _printed(tokens: Sequence[str]) -> str:
    """The words again with the spaces that print has between them."""
    out = ""
    for word in tokens:
        out += word if not out or word in ",)" or out.endswith("(") else " " + word
    return out.strip(" ,") if out.count("(") == out.count(")") else out.strip(" ,(").replace("(", "").replace(")", "")


def around_name(text: str, start: int, end: int, cue: int = 0) -> tuple[str | None, str | None]:
    """Role and affiliation in the appositions after and before a name; `cue`: where a cue begins that closes one."""
    after = appositive_role(text, end, cue)
    return after if any(after) else prepositive_role(text, start)


def appositive_role(text: str, at: int, cue: int = 0) -> tuple[str | None, str | None]:
    """Role and affiliation in an apposition right after a name that ends at `at`, an age in brackets between or not.

    It ends at a comma, or before a `cue` after it: `Ratih Lestari, analis senior Bank Karang mengatakan`.
    """
    limit = cue if at < cue < at + 170 else at + 170
    age = _AFTER_NAME.match(text, at, at + 12)
    at = age.end() if age else at
    member = _MEMBER.match(text, at, at + 120)
    if member and not lists.flags(member[1].split()[0]) & PLACE:
        return None, member[1]  # `kata Adi dari Koalisi Warga`
    match = _APPOSITION.match(text, at, limit)
    if not match:
        return None, None
    tokens = words_of(match[1])
    noun = bool(age)  # after an age any noun phrase is an apposition: `Adi (36), pekerja bangunan di Solo,`
    while tokens and tokens[0].lower() in ("salah", "seorang", "satu", "yang", "juga", "selaku", "sebagai"):
        noun = noun or tokens[0].lower() == "seorang"
        tokens = tokens[1:]
    if not tokens or not (_role_head(tokens) or (noun and tokens[0].islower())):
        return None, None
    stop = next((i for i, word in enumerate(tokens) if word in _ASIDE_ENDS and i), len(tokens))
    return split_role(tokens[:stop])


def prepositive_role(text: str, at: int) -> tuple[str | None, str | None]:
    """Role and affiliation in what opens the sentence before a name: `Seorang pegawai bank, Cahyadi, …`."""
    window = text[max(0, at - 160) : at]
    if not window.endswith(", "):
        return None, None
    begin = max(window.rfind(mark) + len(mark) for mark in (". ", "\n", "” ", '" ', "\0"))
    tokens = words_of(window[begin:-2])
    while tokens and (tokens[0].lower() in lists.DETERMINERS or tokens[0].lower() in ("satu", "seorang")):
        tokens = tokens[1:]
    if not tokens or opening_of(tokens)[0] not in lists.ROLE_KINDS or "," in tokens:
        return None, None
    return split_role(tokens)
