"""Whether what follows a reporting verb is a report or just its object, where the words alone do not tell."""

import re
from typing import Final

from annotate.lexicon import Flag, cues_in, cues_of, word_set
from annotate.marking.clauses import has_predicate, is_clause
from annotate.marking.extents import phrase_after
from annotate.marking.tokens import Tokens, between

_ABSTRACT: Final = re.compile(
    r"(?:pe|per|ke)\w+an\Z|bantuan\Z|izin\Z|maaf\Z|waktu\Z|uang\Z|dana\Z|dukungan\Z|klarifikasi\Z|restu\Z|ganti\Z|doa\Z|hukuman\Z|tebusan\Z"
)
_ANIMATE: Final = word_set("animate")
_UNTIL: Final = word_set("since") | {"sepanjang"}
_PURPOSE: Final = word_set("purpose")
_DONE: Final = word_set("done")
_PREDICATE_NOUNS: Final = word_set("predicate_nouns")
_LIKENS: Final = word_set("likens")
_TELLS: Final = cues_in("say", "clause")
_OPINIONS: Final = cues_of("opinion")
_DENIALS: Final = cues_of("denial")
_PROMISES: Final = cues_of("promise")
_STATEMENTS: Final = cues_of("statement")
_REFERS: Final = word_set("refers")
_COPULAS: Final = word_set("copulas")
_DANGERS: Final = word_set("dangers")
_DOUBTS: Final = word_set("doubts")
_NAMING: Final = word_set("naming")
_HOPES: Final = word_set("hopes")
_NEWS: Final = word_set("news")
_TOPICS: Final = word_set("topics")
_QUESTIONS: Final = word_set("questions")
_RECORDS: Final = word_set("records")
_ATTAINS: Final = word_set("attains")
_PREDICATE: Final = Flag.VERB | Flag.AUX | Flag.NEGATION | Flag.ADJECTIVE
_STANCES: Final = word_set("stances")
_TOWARDS: Final = word_set("towards")


def is_abstract(word: str) -> bool:
    """Whether a noun is no one who can be asked to do something: dukungan, pembangunan; but not pemerintahan."""
    return bool(_ABSTRACT.match(word)) and word not in _ANIMATE


def holds(t: Tokens, c: int, k: int, end: int) -> bool:
    """Whether a clause follows a verb that seldom has one right after it: menilai, merasa, melihat, melanjutkan."""
    size = end - k
    opinion = t.low[c] in _OPINIONS
    if t.low[c] == "merasa" and t.flags[k] & Flag.AUX and size >= 3:
        return True  # merasa perlu tetap tinggal
    if t.low[k] in _UNTIL and opinion and size >= 4:
        return has_predicate(t, k + 1, end)  # optimistis hingga akhir tahun harga turun
    if t.low[k] == "maka":
        return False  # bila mereka setuju maka ...
    if t.low[c] == "mendorong":
        urges = t.flags[c - 1] & (Flag.PRONOUN | Flag.ROLE) and not is_abstract(t.low[k])
        led = _PURPOSE if urges else _PURPOSE - {"untuk"}
        return any(word in led for word in t.low[k + 1 : min(end, k + 16)])
    if t.low[k] == "akan" and opinion and size >= 3:
        return bool(t.flags[k + 1] & (Flag.VERB | Flag.AUX)) or t.low[k + 1] == "ada"  # yakin akan ada hasil
    if t.low[c] in _LIKENS:
        quoted = any(t.flags[i] & Flag.QUOTE and t.words[i + 1].islower() for i in range(k + 1, end - 1))
        return quoted or "sebagai" in t.low[k:end]  # but no title: menggambarkan poster 'Desa Kita'
    if t.low[c] in ("melanjutkan", "meneruskan"):
        return t.capital(k) and is_clause(t, k, end)
    if t.low[c] == "melihat":
        stop = phrase_after(t, k, end)
        sees = t.low[stop] in _COPULAS or (t.flags[stop] & Flag.AUX and t.low[stop] not in _DONE)
        sees = sees or "sebagai" in t.low[k : min(end, k + 10)]
        return bool(sees) and is_clause(t, k, end)
    named = t.low[c] != "merasa" or t.capital(k) or bool(t.flags[k] & (Flag.PRONOUN | Flag.NOUN | Flag.ROLE))
    if not opinion or size < 3 or (stop := phrase_after(t, k, end)) <= k:
        return False
    named = named or stop > k + 1 or bool(t.flags[k + 1] & (Flag.AUX | Flag.ADVERB | Flag.NEGATION))
    return named and is_clause(t, k, end)


def equates(t: Tokens, k: int, end: int) -> bool:
    """Whether a noun is the predicate of a demonstrative: mengatakan hal itu | bagian dari pemeriksaan."""
    noun = k + 2
    return noun + 1 < end and bool(t.flags[k + 1] & Flag.DETERMINER) and t.low[noun] in _PREDICATE_NOUNS


def predicated(t: Tokens, k: int, end: int) -> bool:
    """Whether an auxiliary, a negation or `sebagai` stands before the first comma or `yang`."""
    stop = next((i for i in range(k, end) if t.flags[i] & (Flag.COMMA | Flag.YANG)), end)
    return any(t.flags[i] & (Flag.AUX | Flag.NEGATION) or t.low[i] == "sebagai" for i in range(k, stop))


def _reports(t: Tokens, i: int) -> bool:
    return bool(t.flags[i] & Flag.CUE) and t.low[i].startswith("me")


def has_mere_object(t: Tokens, c: int, k: int, end: int) -> bool:
    """Whether verb and noun together tell of no report: of a danger, a stance, a promise or a doubt."""
    joined = t.flags[k + 1] & Flag.DETERMINER and t.flags[k + 2] & Flag.COORDINATOR and not t.flags[k] & Flag.PRONOUN
    if joined and (t.low[k - 1] == "lanjut" or t.low[c] in _DENIALS):
        return True  # membantah tuduhan itu dan menyelidikinya; menjelaskan lebih lanjut kejadian itu dan ...
    if end - k == 2 and t.low[k] == "lebih":
        return True  # menjelaskan lebih lanjut
    will = next((i for i in range(k + 1, min(end, k + 8)) if t.low[i] == "akan"), -1)
    if will > 0 and t.low[will + 1] in _DANGERS:
        return True  # mengingatkan warga akan bahaya banjir
    if t.low[k] in _STANCES and _takes_stance(t, k, end):
        return True
    if t.low[c] in _HOPES and is_abstract(t.low[k]) and not is_clause(t, k, end):
        return True  # berharap perhatian dari pemerintah
    if t.low[k] in _NEWS and t.low[c] in _DENIALS:
        topic = next((i for i in range(k + 1, end) if t.low[i] in _TOPICS), end)
        if topic < end and not any(t.flags[i] & Flag.COMP or _reports(t, i) for i in range(k + 1, end)):
            return True  # menepis kabar yang beredar terkait penyebab banjir
    threatens = t.low[c] == "mengancam" and not t.flags[k] & _PREDICATE
    if t.low[c] in _PROMISES and (threatens or is_abstract(t.low[k])) and not predicated(t, k, end):
        return True  # menjanjikan keuntungan besar, mengancam kota-kota kuno
    if t.low[c] in _RECORDS:
        if t.flags[k] & Flag.NUMBER:  # mencatat 85 warga mengungsi, but: mencatat 85 kasus selama lomba
            return not any(f & _PREDICATE for f in t.flags[k + 2 : min(k + 4, end)])
        if is_abstract(t.low[k]):  # mencatat kenaikan harga menjadi dua kali lipat
            return not predicated(t, k, end) and _ATTAINS.isdisjoint(t.low[k:end])
    # mempertanyakan alasan penjualan lahan
    return t.low[c] in _DOUBTS and not (t.low[k] in _QUESTIONS or t.low[k].endswith("kah"))


def _takes_stance(t: Tokens, k: int, end: int) -> bool:
    """Whether the stance at `k` is all that is told, with what it is taken towards.

    menyatakan dukungan terhadap usul yang memberi petani tanah; menyatakan keprihatinan mendalam
    """
    towards = k + 1 if t.low[k + 1] in _TOWARDS or t.flags[k + 1] & Flag.VERB else k + 2
    if t.low[towards] in _TOWARDS and not predicated(t, k, end):
        return True
    return end - k <= 2 and bool(t.flags[end - 1] & (Flag.ADJECTIVE | Flag.NOUN))


def only_placed(t: Tokens, c: int) -> bool:
    """Whether a place or a number follows a passive, and no report: disebut dalam daftar; dituntut 15 tahun."""
    if t.low[c] == "dituntut":
        return bool(t.flags[c + 1] & Flag.NUMBER)
    return t.low[c] in _NAMING and t.low[c + 1] in ("dalam", "di", "pada", "dengan")


def cites(t: Tokens, c: int, k: int, end: int) -> bool | None:
    """Whether somebody is quoted who tells (mengutip polisi yang mengatakan ...), and no mere source; None: unknown."""
    after = phrase_after(t, k, end)
    if t.flags[c - 1] & Flag.COMMA and t.flags[after] & Flag.COMMA and t.flags[after + 1] & Flag.CUE:
        return not t.low[after + 1].startswith("me")  # Antara, mengutip polisi, melaporkan ...
    if any(t.low[i] in _TELLS for i in between(t.cues, k + 1, end)):
        return True
    return False if any(t.flags[i] & Flag.YANG for i in range(k, end)) else None


def reports_past_comma(t: Tokens, c: int, k: int, end: int, frame: str) -> bool:
    """Whether what follows the verb and a comma is its report."""
    if t.flags[k] & Flag.QUOTE:
        return True
    if t.low[k] in ("tetapi", "tapi", "namun") and t.flags[k + 1] & (Flag.CUE | Flag.PRONOUN):
        return False  # menolak berkomentar, tetapi mengatakan ...
    if t.low[c] in _REFERS and t.flags[c - 1] & Flag.COMMA:
        return False  # ..., merujuk kepada banjir di Karang, desa asalnya
    if (
        t.flags[k] & Flag.CUE
        and t.low[k].startswith("me")
        and (t.flags[k + 1] & Flag.COMP or t.flags[c - 1] & Flag.YANG)
    ):
        return False  # Budi membantah, menegaskan bahwa ...; Budi, yang menulis di koran, mengatakan ...
    if frame == "weak" and t.low[c] not in _STATEMENTS and t.flags[k] & (Flag.SUBORDINATOR | Flag.CONNECTIVE):
        return False
    return end - k >= 2 and (has_predicate(t, k, end) or (frame != "weak" and end - k > 4))
