"""Headlines: verbs without their prefix (Polisi Sebut Jalan Licin), a name and a colon (Wati: Harga Turun)."""

import re
from typing import Final

from annotate.lexicon import CueEntry, Flag, cues_in, word_set
from annotate.marking import wordlists as lists
from annotate.marking.clauses import has_predicate, is_clause
from annotate.marking.contents import report_start
from annotate.marking.extents import phrase_after, skip_forward
from annotate.marking.found import Found, Sentence, add_clause, add_report
from annotate.marking.phrase_marks import PLACES
from annotate.marking.quotes import Quote
from annotate.marking.relatives import OPENS_PREDICATE, relative_end
from annotate.marking.report_ends import report_end
from annotate.marking.subjects import subject_before
from annotate.marking.tokens import Tokens, between

MAX_CLOSING: Final = 60  # tokens after a page's closing line
MAX_SUBJECT: Final = 6  # tokens of a headline's second subject
_RUBRICS: Final = word_set("rubrics")
_INSTITUTIONS: Final = word_set("institutions")
_NORMS: Final = word_set("norms")
_WATCH: Final = word_set("watch")
_THIRD: Final = word_set("third")
_ANIMATE: Final = word_set("animate") | word_set("institutions")
_ABSTRACT: Final = re.compile(r"(?:pe|ke)\w+an\Z|harapan\Z")
_NAMED: Final = lists.HEAD | lists.NAME | lists.GIVEN
_FIRST: Final = word_set("first")
_TOPICAL: Final = word_set("topical")
_VERBS: Final = word_set("headline_verbs")
_BEING_SURE: Final = word_set("being_sure")
_DEEDS: Final = word_set("headline_acts")
_STATES: Final = word_set("states")
_BARE: Final = cues_in("bare")
_TELLING: Final = cues_in("bare", "say", "clause", "weak", "name", "control")
_TOWARDS: Final = word_set("headline_towards")
_NO_NAME: Final = Flag.NUMBER | Flag.ADJECTIVE | Flag.ADVERB | Flag.AUX | Flag.NEGATION | Flag.PREPOSITION | Flag.VERB


def video_title(t: Tokens, a: int, quote: Quote) -> bool:
    """Whether a line names a video or an article by its headline: Simak Video 'Camat Usul Sewa Turun'"""
    named = t.low[a] in _WATCH and t.low[quote.a - 1] == "video" and quote.a - a <= 3
    named = named or (t.low[quote.a - 1] == "judul" and "tayang" in t.low[a : quote.a])
    return named and quote.opened and quote.closed


def title_after(t: Tokens, a: int, b: int) -> int:
    """Where the headline begins that a closing line gives (Berita ini telah tayang dengan judul: ...), or 0."""
    if b + MAX_CLOSING < t.size:
        return 0
    title = next((i for i in range(a, b) if t.low[i] == "judul"), -1)
    if title < 0:
        return 0
    k = title + 1
    return k + 1 if k + 3 < b and t.flags[k] & Flag.COLON and "tayang" in t.low[a:k] else 0


def name_colon(s: Sentence) -> bool:
    """A headline's name and colon: Wati: Harga Akan Turun."""
    t, flags = s.t, s.t.flags
    start = s.a
    colon = _colon_after(t, start, min(s.b, start + 8))
    if t.low[start] in _RUBRICS and (colon < 0 or colon <= start + 2):
        return False
    if colon < 0:
        colon = _colon_after(t, start, min(s.b, start + 24))
    comma = next((k for k in range(colon - 1, start, -1) if flags[k] & Flag.COMMA), -1) if colon > 0 else -1
    if comma > start + 2 and colon - comma <= 6:
        start = comma + 1  # Polisi Kejar Pelaku, Kapolres: Segera Tertangkap
    if colon < 0 or colon == start or s.b - colon < (3 if start == comma + 1 else 4) or t.low[start] in _RUBRICS:
        return False
    name = next((k for k in range(start + 1, colon) if t.low[k] in _TOWARDS), colon)  # Budi soal Banjir: ...
    if any(not t.capital(k) or flags[k] & _NO_NAME for k in range(start, name)):
        return False
    if name < colon and (flags[start] & Flag.CUE or (name - start > 2 and not flags[start] & Flag.ROLE)):
        return False  # Budi Jawab Wati soal Banjir: ...; Janji Budi ke Warga: ...
    if phrase_after(t, start, name) != name or not (_names_source(t, start, name) or _state_speaks(s, colon)):
        return False
    if any(_lost_prefix(t, k) for k in range(start + 1, colon)):
        return False  # Camat Bongkar Warung Liar: ... tells what he does
    if (
        colon == start + 1
        and start == s.a > 1
        and flags[start] & Flag.ROLE
        and all(t.capital(k) for k in range(colon + 1, s.b))
    ):
        return False  # a list of persons further down: Pelatih: Jacksen Tiago
    end = s.b
    while flags[end - 1] & (Flag.TERMINAL | Flag.COMMA):
        end -= 1
    s.add(Found(colon + 1, end, "indirect", [(start, name)], [], "headline-name"))
    return True


def dash_name(s: Sentence) -> bool:
    """A headline's report, a dash and who made it: Harga Akan Turun - Menteri Pertanian."""
    t, flags = s.t, s.t.flags
    dash = next((k for k in range(s.b - 1, s.a + 2, -1) if flags[k] & Flag.DASH and not t.glued(k)), -1)
    if dash < 0 or not flags[dash + 1] & Flag.ROLE or not t.capital(dash + 1):
        return False
    if phrase_after(t, dash + 1, s.b) != s.b or not has_predicate(t, s.a, dash):
        return False
    return add_clause(s, s.a, dash, [(dash + 1, s.b)], [], "headline-dash")


def _names_source(t: Tokens, a: int, colon: int) -> bool:
    """Whether capitalised words before a colon name who speaks, and not what it is about (Milan Vs PSG: ...)."""
    if t.glued(colon + 1) or t.low[a].endswith("nya") or (colon == a + 1 and t.low[a] in PLACES):
        return False  # TikTok:https://... / Artinya: ... / Bekasi: Rp 1,9 juta
    if t.low[a] in _NORMS:
        return False  # RUU Desa: ...
    if _ABSTRACT.match(t.low[a]) and t.low[a] not in _ANIMATE and not lists.flags(t.words[a]) & _NAMED:
        return False  # Kemajuan Desa: ...
    if colon - a <= 2 or t.flags[a] & Flag.ROLE or t.low[a] in _INSTITUTIONS:
        return True
    return bool(lists.flags(t.words[a]) & lists.GIVEN)


def _state_speaks(s: Sentence, colon: int) -> bool:
    """Whether a state alone stands before the colon, and a clause after it: Iran: Kapal Itu Melanggar Batas."""
    return colon == s.a + 1 and s.t.low[s.a] in _STATES and headline_clause(s.t, colon + 1, s.b)


def _colon_after(t: Tokens, a: int, b: int) -> int:
    return next((k for k in range(a + 1, b) if t.low[k] == ":"), -1)


def mark_bare(s: Sentence, c: int, _entry: CueEntry) -> bool:
    """Polisi Sebut Jalan Licin / yang ia sebut licin."""
    t, flags = s.t, s.t.flags
    who = _relative_subject(s, c)
    if who and s.inside and t.low[who] in _FIRST:
        return False  # "pihak yang kami anggap penting"
    if who:
        k = c + 1
        end = relative_end(s, k)
        if end > k and (flags[k] & (OPENS_PREDICATE | Flag.QUOTE) or t.low[k] == "sebagai"):
            return add_report(s, k, end, [(who, c)], [(c, c + 1)], "bare-relative")
        return False
    if not s.headline and c > s.a and t.low[c - 1] in _THIRD:
        return _pronoun_tells(s, c)
    if not s.headline or c == s.a or c + 2 >= s.b:
        return False
    comma = next((k for k in range(c - 1, s.a, -1) if flags[k] & Flag.COMMA), s.a - 1)
    source = _first_subject(s, comma) if comma == c - 1 else subject_before(t, comma + 1, c)
    if source is None or (comma < c - 1 and skip_forward(t, source[1], c) != c):
        return False
    verb = next((i for i in range(source[0] + 1, source[1]) if _lost_prefix(t, i)), 0)
    if verb and flags[verb] & Flag.CUE:
        return False  # Camat Minta Wati | Ungkap Nama Pelaku
    if verb and phrase_after(t, source[0], verb) == verb:
        source = (source[0], verb)  # Menteri | Tinjau Pasar Imbau Harga Dijaga
    if flags[source[1] - 1] & Flag.CUE and any(one.a == c for one in s.found):
        return False  # Camat Bantah | Umumkan Pasar Ditutup
    k, how = past_topic(s, c + 1, "bare")
    quoted = how == "colon" or bool(flags[k] & (Flag.QUOTE | Flag.COMMA | Flag.COLON))
    end = _before_another(t, k, report_end(t, k, s.b, s.quotes))
    if not (quoted or headline_clause(t, k, end) or "sebagai" in t.low[k + 1 : end - 1]):
        return False
    return add_report(s, k, end, [source], [(c, c + 1)], "bare-headline")


def _before_another(t: Tokens, k: int, end: int) -> int:
    """Where a headline's report ends that another follows: Camat Klaim Pasar Aman, | Lurah Akui Sepi."""
    for c in between(t.cues, k + 3, end - 1):
        if not t.capital(c) or t.low[c] not in _TELLING:
            continue
        comma = next((i for i in range(c - 1, max(k, c - MAX_SUBJECT), -1) if t.flags[i] & Flag.COMMA), c - 1)
        if comma < c - 1 and all(t.capital(i) and not t.flags[i] & _NO_NAME for i in range(comma + 1, c)):
            return comma
    return end


def _pronoun_tells(s: Sentence, c: int) -> bool:
    """Kemudian ia paparkan harga beras naik: a pronoun that opens the clause, and a verb without its prefix."""
    t = s.t
    opens = c - 1 == s.a or t.flags[c - 2] & (Flag.CONNECTIVE | Flag.COMMA | Flag.COORDINATOR | Flag.SUBORDINATOR)
    lead = report_start(t, c, s.b) if opens and not t.capital(c) else None
    if lead is None or lead[1] not in ("that", "bare"):
        return False
    k, how = lead
    end = report_end(t, k, s.b, s.quotes)
    if how == "bare" and not is_clause(t, k, end):
        return False
    return add_report(s, k, end, [(c - 1, c)], [(c, c + 1)], "bare-pronoun")


def _first_subject(s: Sentence, comma: int) -> tuple[int, int] | None:
    """The subject of a headline's first verb, which is that of the second, too: Camat | Puji Warga, Minta ..."""
    verb = next((k for k in range(s.a + 1, comma) if _lost_prefix(s.t, k)), 0)
    return (s.a, verb) if verb and phrase_after(s.t, s.a, verb) == verb else None


def past_topic(s: Sentence, k: int, how: str) -> tuple[int, str]:
    """Where a headline's report begins that stands after its topic: Camat Jelaskan soal Pasar: | Sudah Aman."""
    colon = _colon_after(s.t, k, s.b - 1) if s.t.low[k] in _TOPICAL else -1
    return (colon + 1, "colon") if colon > 0 else (k, how)


def _relative_subject(s: Sentence, c: int) -> int:
    """Where the pronoun or name begins that stands between `yang` and a verb without its prefix, or 0."""
    t, flags = s.t, s.t.flags
    if c < s.a + 2 or t.capital(c):
        return 0
    if flags[c - 1] & Flag.PRONOUN:
        return c - 1 if flags[c - 2] & Flag.YANG else 0
    yang = next((k for k in range(c - 2, max(s.a, c - 7), -1) if flags[k] & Flag.YANG), -1)
    named = yang > 0 and t.capital(yang + 1) and phrase_after(t, yang + 1, c) == c
    return yang + 1 if named else 0


def title_case(t: Tokens, k: int, end: int) -> bool:
    """Whether two words of three begin with a capital letter."""
    capitals = 0
    for i in range(k, end):
        capitals += t.capital(i)
    return capitals * 3 >= (end - k) * 2


def headline_clause(t: Tokens, k: int, end: int) -> bool:
    """Whether the words of a headline, whose capitals tell nothing, hold a predicate after their first one."""
    end = next((i for i in range(k + 1, end) if t.flags[i] & Flag.SUBORDINATOR or _second_verb(t, i)), end)
    denied = bool(t.flags[k] & Flag.NEGATION)  # Lurah Akui Tak Kehilangan Suara
    acts = end - k >= 3 and _acts(t, k)
    return end - k >= 2 and (denied or acts or any(_headline_verb(t, i) for i in range(k + 1, end)))


def _acts(t: Tokens, k: int) -> bool:
    """Whether what is told begins with its verb: Bupati Janji | Tuntaskan Jalan; Polisi Ungkap | Ada Korban."""
    word = t.low[k]
    if word.endswith("nya") and t.flags[k] & Flag.VERB:
        return True  # Camat Peringatkan Naiknya Air Sungai
    if t.low[k - 1] in _BEING_SURE or t.flags[k] & Flag.NOUN or word.endswith("si"):
        return False  # Warga Optimis Hadapi Banjir; Pakar Tekankan Evaluasi Harga
    if word.endswith("kan") and word not in _VERBS:
        return len(word) > 6 and word[:2] not in ("pe", "ke")
    return word in _VERBS or word in _DEEDS or word == "ada" or (word == "masih" and _headline_verb(t, k + 1))


def _second_verb(t: Tokens, i: int) -> bool:
    """Whether the comma at `i` parts a headline's second verb: Camat Puji Warga, | Minta Jalan Dijaga."""
    return bool(t.flags[i] & Flag.COMMA and t.low[i + 1] in _BARE)


def _lost_prefix(t: Tokens, i: int) -> bool:
    """Whether a word of a headline is a verb that lost its prefix (Beberkan, Bongkar), and no noun or place on -kan."""
    word = t.low[i]
    if word in _VERBS or word in _BARE:
        return True
    return len(word) > 6 and word.endswith("kan") and word[:2] not in ("pe", "ke") and word not in PLACES


def _headline_verb(t: Tokens, i: int) -> bool:
    """A predicate, or a verb that lost its prefix in a headline: Camat Turunkan Sewa."""
    bare = len(t.low[i]) > 6 and t.low[i].endswith("kan")
    return bare or t.low[i] in _VERBS or bool(t.flags[i] & OPENS_PREDICATE and not t.flags[i] & Flag.ROLE)
