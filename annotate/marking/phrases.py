"""Reads a source phrase: what kind of source it is, and how it calls the speaker."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from annotate.datamodel import SourceKind
from annotate.lexicon import Flag, word_flags, word_set
from annotate.marking import wordlists as lists
from annotate.marking.media_names import is_edition, is_medium
from annotate.marking.name_bounds import find_name, is_acronym, name_after_institution, opening_of, segments_of
from annotate.marking.wordlists import GIVEN, HEAD, NAME, OPENER, PLACE, ROLE, TITLE

MAX_PHRASE: Final = 400  # code points; a longer "source" is a mistake, and is read no further
_WORD: Final = re.compile(r"\d+(?:[.,]\d+)+%?|[@#]?[^\W_](?:[\w'’ʼ‘`.&/@+-]*[\w+%])?[.%]?|[(),]")
_DEMONSTRATIVES: Final = frozenset(("itu", "ini", "tersebut", "tadi", "itupun", "inipun"))
_ENGLISH: Final = frozenset(("of", "for", "and"))
_ENDS_NAME: Final = frozenset((",", "(", "dan", "dari", "di"))
_ADDRESSED: Final = frozenset(("Bapak", "Ibu", "Pak", "Bu"))
_INFORMANTS: Final = frozenset(("sumber", "narasumber", "informan"))
_COMMON: Final = Flag.NOUN | Flag.VERB | Flag.ADJECTIVE
_SEVERAL: Final = word_set("several")
_PAGES: Final = word_set("pages")
NO_NAMES: Final[frozenset[str]] = frozenset()
_MANY: Final = 1 << 14  # phrases that are remembered
_known: Final[dict[str, "Phrase"]] = {}  # what was read without the names of a document


class Phrase(NamedTuple):
    """A source phrase, read. `label` is what it calls the speaker, without titles and determiners."""

    kind: SourceKind
    label: str
    named: bool
    head: str
    anaphoric: bool
    parts: tuple[str, ...]  # the names of coordinated speakers; one or none otherwise
    words: tuple[str, ...]
    start: int  # where in `words` the name begins and ends
    end: int


def words_of(phrase: str) -> list[str]:
    """The words, commas and brackets of a phrase."""
    return _WORD.findall(phrase)


def read_phrase(words: str, short_names: Collection[str] = NO_NAMES) -> Phrase:
    """Reads a source phrase; cost grows with its length, which is cut at `MAX_PHRASE`.

    What was read before is remembered, up to some ten megabytes: the same names come again in article after article.
    """
    if len(words) > MAX_PHRASE or (short_names and words.isupper()):
        return _read(words, short_names)
    if short_names:  # only those that stand in the phrase have a say, mostly none
        heard = [word for word in _tokens(words) if word in short_names]
        if heard:
            return _read_with(words, frozenset(heard))
    phrase = _known.get(words)
    if phrase is None:
        if len(_known) >= _MANY:
            _known.clear()
        phrase = _known[words] = _read(words, NO_NAMES)
    return phrase


@lru_cache(maxsize=_MANY)
def _read_with(words: str, short_names: frozenset[str]) -> Phrase:
    return _from_short_name(_read(words, short_names), short_names)


@lru_cache(maxsize=_MANY)
def _tokens(words: str) -> tuple[str, ...]:
    """The words without a full stop, comma or opening bracket at their end."""
    tokens = words_of(words)
    if tokens and tokens[-1].endswith(".") and len(tokens[-1]) > 4 and "." not in tokens[-1][:-1]:
        tokens[-1] = tokens[-1][:-1]
    while tokens and tokens[-1] in (",", "("):
        tokens.pop()
    return tuple(tokens)


def _read(words: str, short_names: Collection[str]) -> Phrase:
    tokens = list(_tokens(words[:MAX_PHRASE]))
    if not tokens or not tokens[0][0].isalnum():
        return Phrase("unnamed", words.strip(), False, "", False, (), (), 0, 0)
    if len(tokens) == 1:
        return _read_word(tokens[0])
    if words.isupper() and sum(len(t) > 4 for t in tokens) > 1:
        tokens = [t if lists.flags(t) & NAME else t.title() for t in tokens]  # a headline in capitals
    tokens, anaphoric = _core(tokens)
    tokens = _without_fronted(tokens)
    indefinite = tokens[0].lower() in ("seorang", "sebuah", "suatu") and len(tokens) > 1
    definite = tokens[0].lower() in ("sang", "si") and len(tokens) > 1  # `Sang aktor` is who was spoken of
    anaphoric = anaphoric or definite
    head, group = opening_of(tokens[1:] if indefinite or definite else tokens)
    if tokens[0] in _ADDRESSED and len(tokens) > 1 and lists.ROLE_KINDS.get(opening_of(tokens[1:])[0]) == "office":
        tokens = tokens[1:]  # `Bapak Presiden`
        head, group = opening_of(tokens)
    if tokens[0].lower() in _SEVERAL and len(tokens) > 1 and lists.group_of(tokens[1]) == "document":
        group = "document"  # `sejumlah penelitian`
    if group == "organisation" and head in lists.ROLE_KINDS and tokens[-1][0].isupper() and tokens[0][0].islower():
        group = "role"  # `polisi Ratih Lestari`
    if group == "collective" and tokens[0][0].isupper() and lists.flags(tokens[0]) & HEAD and len(tokens) > 1:
        group = "organisation"
    if group in ("collective", "unnamed") and head in lists.ROLE_KINDS and (len(tokens) > 1 or anaphoric):
        group = "role"
    elif indefinite and group in (None, "collective"):
        group = "unnamed"
    aside = next((i for i, word in enumerate(tokens) if word in ("selaku", "sebagai")), 0)
    if aside and (found := find_name(tokens[:aside], short_names, role=group == "role")):
        name = " ".join(tokens[found[0] : found[1]])  # `Ratih Lestari selaku Ketua Panitia`
        rest = (*tokens[found[0] : found[1]], *tokens[aside + 1 :])
        return Phrase("person", name, True, head, anaphoric, (name,), rest, 0, found[1] - found[0])
    origin = tokens.index("dari") if group is None and "dari" in tokens else 0
    if origin and all(word[0].isupper() for word in tokens[:origin]):
        tokens = tokens[:origin]  # `Ratih Lestari dari Universitas Karang`
    if lists.ROLE_KINDS.get(head) == "office" and not anaphoric:
        cut = next((i for i, word in enumerate(tokens) if i and word in ("dari", "di", "dalam", "saat")), len(tokens))
        cut = len(tokens) if tokens[cut : cut + 2] == ["dalam", "negeri"] else cut
        tokens = tokens[:cut] if tokens[cut - 1][0].isupper() else tokens  # `Presiden dari Istana Bogor`
    if group == "pronoun":
        return Phrase("pronoun", " ".join(tokens), False, head, anaphoric, (), tuple(tokens), 0, 0)
    if not anaphoric and group in (None, "role") and (both := _coordinated(tokens, short_names, group == "role")):
        return both
    if head in ("laporan", "berita", "artikel") and is_medium(medium := " ".join(tokens[1:])):
        return Phrase("media", medium, True, head, anaphoric, (medium,), tuple(tokens), 0, 0)
    if group in ("document", "collective") or head in _INFORMANTS:
        return _without_name(tokens, "unnamed" if head in _INFORMANTS else group, head, anaphoric)  # type: ignore[arg-type]
    if group == "organisation" and tokens[0][0].isupper() and not anaphoric:
        found = name_after_institution(tokens, short_names)
        if found:
            name = " ".join(tokens[found[0] : found[1]])
            return Phrase("person", name, True, head, anaphoric, (name,), tuple(tokens), *found)
    if group in ("media", "organisation"):
        return _institution(tokens, "media" if group == "media" else "organisation", head, anaphoric)
    return _person_or_else(tokens, head, group, anaphoric, short_names)


def _from_short_name(phrase: Phrase, short_names: frozenset[str]) -> Phrase:
    """The phrase with a name that begins where the text's short name stands: `Direktur Riset Ali Noer`, `kata Ali`."""
    words = phrase.words
    begin = next((i for i, word in enumerate(words) if word in short_names), len(words))
    if len(phrase.parts) > 1 or phrase.anaphoric or phrase.kind == "pronoun" or words[begin : begin + 2] == ():
        return phrase
    end = next((i for i in range(begin, len(words)) if words[i] in _ENDS_NAME), len(words))
    person = phrase.named and phrase.kind == "person"
    if person and (phrase.start <= begin < phrase.end or words[phrase.start] in short_names):
        return phrase
    if person and begin < phrase.start:
        end = min(end, phrase.end)
    while end - begin > 1 and is_acronym(words[end - 1]):
        end -= 1  # `Danu DPR`
    whole = all(w[0].isupper() or w in lists.PARTICLES for w in words[begin:end])
    if not whole or end - begin > 5 or (end - begin == 1 and begin) or words[end : end + 1] == ("dan",):
        return phrase  # `Danu dan teman-temannya`
    if begin and not person and lists.flags(words[begin - 1]) & (HEAD | OPENER):
        return phrase  # `PT Surya Abadi`
    common = [bool(word_flags()[w.lower()] & _COMMON) and not lists.flags(w) & GIVEN for w in words[begin:end]]
    if common[0] and not (begin and words[begin - 1] in (",", ")")):
        return phrase  # `Kuasa Hukum Danu Wirasena`
    rest = common[1:]
    if rest and (all(rest) or sum(rest) > 1 or any(is_acronym(w) for w in words[begin + 1 : end])):
        return phrase  # `Danu Kaget Jalan BPBD Rusak`
    name = " ".join(words[begin:end])
    return phrase._replace(kind="person", label=name, named=True, parts=(name,), start=begin, end=end)


def _without_fronted(tokens: list[str]) -> list[str]:
    """`dalam rapat, Menteri Sosial Ratih`: without the words that were taken along before the source."""
    last = segments_of(tokens)[-1][0]
    fronted = last and tokens[0][0].islower() and tokens[last][0].isupper()
    if fronted and opening_of(tokens[last:])[1] == "role" and opening_of(tokens)[0] not in lists.ROLE_KINDS:
        return tokens[last:]
    return tokens


@lru_cache(maxsize=1 << 14)
def _read_word(word: str) -> Phrase:
    """A phrase of one word: a pronoun, a short name, an acronym, a bare noun."""
    low = word.lower()
    group = lists.group_of(low)
    if group == "document" and low in lists.ACRONYMS and not word.isupper():
        group = None  # `Uu` is no `UU`
    words = (word,)
    if group == "pronoun":
        return Phrase("pronoun", word, False, low, False, (), words, 0, 0)
    if is_medium(word) or is_edition(word):
        return Phrase("media", word, True, "", False, (word,), words, 0, 1)
    flags = lists.flags(word)
    if not word[0].isupper():
        known: SourceKind = {"document": "document", "media": "media", "organisation": "organisation"}.get(
            group or "", "collective" if group == "collective" or "-" in word else "unnamed"
        )  # type: ignore[assignment]
        return Phrase(known, word, False, low if group else "", False, (), words, 0, 0)
    if group in ("document", "media", "organisation", "collective"):
        return Phrase(group, word, group == "organisation", low, False, (), words, 0, 1)  # type: ignore[arg-type]
    if group == "role" and not flags & GIVEN:
        office = lists.ROLE_KINDS.get(low) == "office"
        return Phrase("person" if office else "unnamed", word, False, low, False, (), words, 0, 0)
    if (flags & (HEAD | NAME | PLACE) and not flags & GIVEN) or is_acronym(word):
        return Phrase("organisation", word, True, "", False, (word,), words, 0, 1)
    return Phrase("person", word, True, "", False, (word,), words, 0, 1)


def _core(tokens: list[str]) -> tuple[list[str], bool]:
    """The phrase without determiners before it and demonstratives and relative clause after it."""
    anaphoric = len(tokens) > 1 and tokens[-1] in _DEMONSTRATIVES
    for i, word in enumerate(tokens):
        if i and word == "yang" and tokens[i + 1 : i + 2] == ["bernama"]:
            tokens = [*tokens[:i], *tokens[i + 2 :]]  # `petani yang bernama Ratih Lestari`
            break
        if i and word == "atau" and tokens[i - 1][0].isupper() and all(w[0].isupper() for w in tokens[i:][1:4]):
            if len(tokens) - i > 4:
                continue
            tokens = tokens[:i]  # `Menteri Sosial Ratih Lestari atau Bu Ratih`
            break
        if i and word in ("yang", "alias"):
            last = len(tokens) - tokens[::-1].index(",") if "," in tokens[i:] else len(tokens)
            named = tokens[last:] if all(w[0].isupper() for w in tokens[last:]) else []
            tokens = [*tokens[:i], ",", *named] if named else tokens[:i]  # `warga yang berjualan, Ratih Lestari`
            break
    while len(tokens) > 1 and (tokens[-1] in _DEMONSTRATIVES or tokens[-1] in (",", "(")):
        anaphoric = anaphoric or tokens[-1] in _DEMONSTRATIVES
        tokens = tokens[:-1]
    return tokens, anaphoric


def _label(tokens: Sequence[str]) -> str:
    """The words as a name: brackets dropped, a noun's determiners dropped."""
    kept: list[str] = []
    depth = 0
    for word in tokens:
        if word == "(":
            depth += 1
        elif word == ")":
            depth = max(0, depth - 1)
        elif not depth:
            if word == ",":
                if kept:
                    kept[-1] += ","
            else:
                kept.append(word)
    while len(kept) > 1 and kept[0].lower() in lists.DETERMINERS:
        if kept[0].lower() == "salah" and kept[2:3] == ["dari"]:
            break  # `salah satu dari enam warga`
        kept = kept[2:] if kept[0].lower() == "salah" else kept[1:]
    return " ".join(kept).rstrip(",")


def _without_name(tokens: list[str], kind: SourceKind, head: str, anaphoric: bool) -> Phrase:
    return Phrase(kind, _label(tokens), False, head, anaphoric, (), tuple(tokens), 0, 0)


def _institution(tokens: list[str], kind: SourceKind, head: str, anaphoric: bool) -> Phrase:
    """An institution or a medium: its name is the whole phrase, or what follows a noun for its kind."""
    described = (
        tokens[0][0].islower()
        or head in _PAGES
        or (head in lists.NAMING_NOUNS and len(tokens) > 1 and tokens[1][0].islower())
    )
    start, end = segments_of(tokens)[-1]
    if start and described and all(_proper(t) and "." not in t for t in tokens[start:end]):
        name = _label(tokens[start:end])  # `organisasi industri terbesar, Federation of Industries`
    elif described and head in lists.NAMING_NOUNS:
        first = next((i for i, t in enumerate(tokens) if i and t[0].isupper()), len(tokens))
        known = first < len(tokens) and not lists.flags(tokens[first]) & PLACE
        name = _label(tokens[first:]) if known else ""
    else:
        name = ""
    label = name or _label(tokens)
    named = bool(name) or (tokens[0][0].isupper() and not anaphoric) or any(t[0].isupper() for t in tokens[1:])
    return Phrase(kind, label, named, head, anaphoric, (label,) if named else (), tuple(tokens), 0, 0)


def _proper(word: str) -> bool:
    return word[0].isupper() or word in ("of", "for", "and", "the", "dan")


def _person_or_else(
    tokens: list[str], head: str, group: str | None, anaphoric: bool, short_names: Collection[str]
) -> Phrase:
    """A phrase that opens with a role, a determiner, or no word that the lexicon knows."""
    label = _label(tokens)
    if is_medium(label):
        return Phrase("media", label, True, head, anaphoric, (label,), tuple(tokens), 0, len(tokens))
    thing = anaphoric or (group is None and (_is_named_by_acronym(tokens) or _explains_acronym(tokens)))
    found = None if thing else find_name(tokens, short_names, role=group == "role")
    if found:
        name = " ".join(tokens[found[0] : found[1]])
        return Phrase("person", name, True, head, anaphoric, (name,), tuple(tokens), *found)
    if group in ("role", "unnamed"):
        if lists.group_of(head) == "collective" and not anaphoric and tokens[0].lower() != "seorang":
            return _without_name(tokens, "collective", head, anaphoric)
        office = group == "role" and tokens[0][0].isupper() and lists.ROLE_KINDS.get(head) == "office"
        return _without_name(tokens, "person" if office and not anaphoric else "unnamed", head, anaphoric)
    if tokens[0][0].isupper() and tokens[0] not in ("Para", "Sejumlah", "Beberapa"):
        return Phrase("organisation", label, True, head, anaphoric, (label,), tuple(tokens), 0, 0)
    plural = "-" in tokens[0] and len(set(tokens[0].lower().split("-"))) == 1
    kind: SourceKind = "collective" if plural or tokens[0][0].isdigit() or not (anaphoric or group) else "unnamed"
    return _without_name(tokens, kind, head, anaphoric)


def _is_named_by_acronym(tokens: Sequence[str]) -> bool:
    """`GSM Arena`, `TPN Ganjar`, `PA Bandung`: no person, though the second word alone might name one."""
    if len(tokens) != 2 or not is_acronym(tokens[0]) or lists.flags(tokens[0]) & (ROLE | TITLE | GIVEN):
        return False
    return tokens[1].istitle() and (len(tokens[0]) > 2 or bool(lists.flags(tokens[1]) & PLACE))


def _explains_acronym(tokens: Sequence[str]) -> bool:
    """`Travel Information and Authorisation System (ETIAS)`: an institution by an English particle and its acronym."""
    closed = tokens[-1] == ")" and tokens[-3:-2] == ["("] and is_acronym(tokens[-2])
    return closed and not _ENGLISH.isdisjoint(tokens[:-3])


def _share_an_office(tokens: Sequence[str], left: tuple[int, int], rest: Sequence[str], right: tuple[int, int]) -> bool:
    """`Jaksa Ratih Lestari dan Danu Prakoso`: two whole names, of which one at least is surely a person's."""
    if right != (0, len(rest)) or len(rest) < 2 or left[1] - left[0] < 2:
        return False
    return bool((lists.flags(tokens[left[0]]) | lists.flags(rest[0])) & GIVEN)


def _several(word: str) -> bool:
    """Whether a noun phrase of several begins: para camat, negara-negara tetangga."""
    first, _, second = word.partition("-")
    return word in ("para", "beberapa", "sejumlah") or (bool(second) and first == second)


def _coordinated(tokens: list[str], short_names: Collection[str], role: bool) -> Phrase | None:
    """`Putin dan Lukashenko`: one source, one label as printed, two names."""
    for i in range(1, len(tokens) - 1):
        if tokens[i] not in lists.COORDINATORS:
            continue
        rest = tokens[i + 1 :]
        cut = i - (tokens[i - 1] == ",")
        opens_role = opening_of(rest)[0] in lists.ROLE_KINDS
        left = find_name(tokens[:cut], short_names, role=role)
        if role and left and left[1] == cut and i + 2 < len(tokens) and _several(rest[0]):
            names = (" ".join(tokens[slice(*left)]), _label(rest))  # `Menteri Ratih Lestari dan para camat`
            return Phrase("person", f" {tokens[i]} ".join(names), True, "", False, names, tuple(tokens), 0, 0)
        right = find_name(rest, short_names, role=opens_role)
        if role and not opens_role and not (left and right and _share_an_office(tokens, left, rest, right)):
            continue  # `Deputi Neraca dan Statistik Ratih Lestari` is one person
        if left and right and left[1] == cut and (role or left[0] == 0) and (opens_role or right[0] == 0):
            names = (" ".join(tokens[slice(*left)]), " ".join(rest[slice(*right)]))
            label = f"{names[0]} {tokens[i]} {names[1]}"
            return Phrase("person", label, True, "", False, names, tuple(tokens), 0, 0)
    return None
