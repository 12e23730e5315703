"""Active reporting verbs: Budi mengatakan, harga naik / Budi meminta warga tenang / Harga naik, Antara melaporkan."""

from typing import Final

from annotate.lexicon import CueEntry, Flag, clitic_cues, cues_in, cues_of, word_set
from annotate.marking.clauses import clause_start, has_predicate, is_clause
from annotate.marking.contents import report_start
from annotate.marking.cues import is_performative
from annotate.marking.extents import phrase_after
from annotate.marking.found import Range, Sentence, add_clause, add_report, scope
from annotate.marking.headlines import headline_clause, past_topic, title_case
from annotate.marking.noun_runs import antecedent_before, with_office
from annotate.marking.objects import cites, equates, has_mere_object, holds, is_abstract, reports_past_comma
from annotate.marking.parted import past_adverbs, report_around, whole_source
from annotate.marking.relatives import relative_end
from annotate.marking.report_ends import report_end
from annotate.marking.subjects import skip_back, subject_before
from annotate.marking.tokens import Tokens

_NAMES_AS: Final = word_set("names_as")
_ENSURING: Final = word_set("ensuring")
_MODAL: Final = word_set("modal")
_FIRST: Final = word_set("first")
_CHATTY: Final = word_set("chatty")
_PURPOSE: Final = word_set("purpose")
_WHEN: Final = word_set("when")
_LEADING_TIME: Final = Flag.TIME | Flag.NUMBER | Flag.ADVERB | Flag.NEGATION
_NO_SPEAKER: Final = word_set("no_speaker")
_PLEDGES: Final = word_set("pledges")
MAX_POINTED: Final = 3  # tokens of a noun phrase that is surely no clause
_PREMISES: Final = word_set("premises")
_WISHES: Final = word_set("wishes")
_HENCE: Final = word_set("hence")
_MAKING: Final = word_set("making")
_TOPICS: Final = word_set("topics")
_WORDINGS: Final = word_set("wordings")
_WHETHER: Final = frozenset(("apakah", "mengapa", "kenapa"))
_SHOWS_HOW: Final = word_set("shows_how")
_ASKING: Final = frozenset(("mempertanyakan", "menanyakan", "bertanya"))
_BEING_SURE: Final = word_set("being_sure")
_ABLE: Final = word_set("able")
_LIKEWISE: Final = word_set("likewise")
_CHARGES: Final = cues_of("opinion", "accusation")
_DENIALS: Final = cues_of("denial")
_CLITICS: Final = clitic_cues()
_MAY_FOLLOW: Final = cues_in("say", "clause", "quote")
_BESIDES: Final = word_set("with")
_SEEING: Final = word_set("seeing")
_THOUGH: Final = frozenset(("meski", "meskipun"))


def _subject(s: Sentence, c: int) -> tuple[Range | None, int]:
    """The source of an active verb, and the start of its clause."""
    t, flags = s.t, s.t.flags
    lo = scope(s, c)
    if t.low[c] in _BEING_SURE and c - 1 > lo and t.low[c - 1] in ("merasa", "mengaku"):
        c -= 1  # Budi merasa yakin
    j = skip_back(t, lo, c)
    if j >= lo and flags[j] & Flag.YANG:
        return _antecedent(s, lo, j), lo
    besides = j >= lo and t.low[j] in _BESIDES
    if besides and s.found:
        return (s.found[-1].sources[0] if s.found[-1].sources else None), lo
    told_by = s.subject
    if told_by is not None and j >= lo and flags[j] & Flag.QUOTE:
        return told_by, lo
    if c > s.a and told_by is not None and (t.low[c - 1] == "dengan" or _joined_later(s, lo, j)):
        return told_by, lo
    if c > s.a and (besides or t.low[c - 1] == "dengan") and not s.found:
        begin = clause_start(t, s.a, c)
        if flags[begin] & (Flag.PREPOSITION | Flag.TIME):  # Pada Februari lalu, Budi menolak usul itu, dengan ...
            begin = next((i + 1 for i in range(begin, c - 2) if flags[i] & Flag.COMMA), begin)
        stop = phrase_after(t, begin, c)
        return ((begin, stop) if stop > begin else None), lo
    joined = s.found and j > lo and flags[j] & Flag.COORDINATOR
    if joined and any(one.a == lo and c < one.b and one.rule.startswith("source-") for one in s.found):
        stop = phrase_after(t, lo, c)
        if stop > lo and flags[stop] & (Flag.AUX | Flag.VERB):
            return (lo, stop), lo  # Menurut Budi, warga harus bersabar dan mengingatkan ...
    if told_by is not None and (j < lo or flags[j] & (Flag.COORDINATOR | Flag.COMMA)) and s.found:
        nearer = subject_before(t, lo, c) if j >= lo else None
        if nearer is None or flags[j] & Flag.COORDINATOR:
            return told_by, lo
        held = nearer[0] == lo and any(one.a == lo and c < one.b for one in s.found)
        return (nearer if held or nearer[1] >= j - 1 else told_by), lo
    source = subject_before(t, lo, c)
    if source is not None and flags[source[0]] & Flag.CUE:
        begin, stop = source
        if any((begin, begin + 1) in one.cues for one in s.found):  # "...," katanya, menambahkan ...
            source = None if t.low[begin] in _CLITICS or stop == begin + 1 else (begin + 1, stop)  # Menurut | Budi
    return source, lo


def _joined_later(s: Sentence, lo: int, j: int) -> bool:
    """Whether only `dan` and a time stand before the verb: ..., dan pekan lalu | mengatakan."""
    t, i = s.t, j
    while i > lo and (t.flags[i] & (Flag.TIME | Flag.NUMBER) or t.low[i] in ("lalu", "ini", "pada")):
        i -= 1
    return i < j and bool(t.flags[i] & Flag.COORDINATOR)


def _antecedent(s: Sentence, lo: int, yang: int) -> Range | None:
    """The noun phrase that a relative clause `yang mengatakan` belongs to."""
    t = s.t
    if yang > lo and t.flags[yang - 1] & Flag.PREPOSITION:
        return None  # biaya bagi yang memohon izin
    hi = yang
    while hi > lo and t.flags[hi - 1] & (Flag.COMMA | Flag.CLOSE | Flag.DASH):
        hi -= 1
    source = subject_before(t, lo, hi if t.flags[yang - 1] & Flag.DASH else yang)
    if source and t.flags[source[0]] & (Flag.SUBORDINATOR | Flag.CONNECTIVE) and source[1] > source[0] + 1:
        source = (source[0] + 1, source[1])  # Meski | banyak yang merasa
    if source and t.low[source[0]] in ("menurut", "kata") and source[1] > source[0] + 1:
        return source[0] + 1, source[1]  # ..., menurut dokter, yang memperingatkan
    if source and t.low[source[0]] == "ada" and source[1] > source[0] + 1:
        return source[0] + 1, source[1]  # Ada kabar yang menyebutkan
    if source and t.low[source[0]] == "sedikit" and source[0] > lo and t.flags[source[0] - 1] & Flag.NEGATION:
        return source[0] - 1, source[1]  # tidak sedikit yang menilai
    near = source and source[1] <= yang and (source[0] == lo or t.capital(source[0]))
    apart = source and hi < yang and has_predicate(t, source[1], hi)  # Usul itu ditolak Budi, yang mengatakan ...
    if source and near and not apart and not any(t.flags[k] & Flag.VERB and not t.capital(k) for k in range(*source)):
        return with_office(t, lo, source[0], yang), source[1]
    return antecedent_before(t, lo, yang)


def active(s: Sentence, c: int, entry: CueEntry, frame: str) -> bool:
    """Budi mengatakan harga naik / Budi meminta warga tenang / Harga naik, Antara melaporkan."""
    t = s.t
    if s.inside and t.low[c] not in ("bilang", "berkata", "mengatakan") and is_performative(t, c, s.a):
        return False
    lead = report_start(t, c, s.b)
    source, lo = _subject(s, c)
    if source is not None:
        source = whole_source(t, lo, source, c)
    if lead is None:
        return _report_before(s, c, source)
    someone = source is not None and source[1] == source[0] + 1 and t.low[source[0]] == "ada"
    if someone:
        source = None  # Ada yang menuding ...
    if _tells_nothing(s, c, lead, source, lo, frame):
        return False
    k, how = lead
    if s.headline:
        source = None if source is None else past_adverbs(t, source)
        k, how = past_topic(s, k, how)
    end = _end(s, c, k, lo, how, frame)
    aside = how in ("comma", "adjunct") and not t.flags[k] & Flag.QUOTE  # melaporkannya ke polisi
    if entry.clitic and (aside or (how == "bare" and t.low[k] != "sebagai" and not has_predicate(t, k, end))):
        return False
    around = report_around(t, c, k, lo, source) if how == "comma" and source is not None else -1
    if around >= 0:
        return add_clause(s, around, end, [] if source is None else [source], [(c, c + 1)], f"{frame}-around")
    if not _reports(t, c, k, end, how, frame):
        return _report_before(s, c, source)
    rule = f"{frame}-{how}"
    fronted = c == s.a + 1 and bool(t.flags[s.a] & Flag.SUBORDINATOR) and source == (s.a, c)
    if fronted:
        source = None  # Meski menampik ..., Budi membenarkan ...
    if source is None and (c == s.a or fronted) and frame in ("say", "clause", "weak") and t.low[c] not in _SEEING:
        main = _main_clause(s, k, s.b if fronted else end)
        if main:
            end, source = main[0], (main[0] + 1, main[1])
            rule += "-participle"
    if source is None and c == s.a and (how in ("bare", "comma") or s.inside) and not rule.endswith("participle"):
        return False
    if source is None and how in ("bare", "adjunct", "comma") and c > s.a and _only_meant(t, c):
        return False
    if source is None:
        if not someone and how not in ("that", "quote", "colon") and frame in ("weak", "name", "control"):
            return False
        rule += "-no-source"
    return add_report(s, k, end, [] if source is None else [source], [(c, c + 1)], rule)


def _tells_nothing(s: Sentence, c: int, lead: tuple[int, str], source: Range | None, lo: int, frame: str) -> bool:
    """Whether the verb tells of an aim, a cause or the speaker's own act, or has a thing for its subject."""
    t = s.t
    who = "" if source is None else t.low[source[0]]
    if t.low[c] in _ENSURING and lead[1] in ("bare", "comp") and c > s.a and t.low[c - 1] in _MODAL:
        return True
    if c > s.a and t.low[c - 1] in _ABLE and lead[1] not in ("quote", "colon"):
        return lead[1] != "that" or not t.flags[c - 2] & Flag.NEGATION  # Polisi harus bisa menjelaskan bahwa ...
    joined = c - 2 > s.a and t.flags[c - 1] & Flag.COORDINATOR and lead[1] not in ("quote", "colon", "that")
    if joined and t.low[c - 3] in _ABLE:
        return True  # harus menerima dan mengakui ...
    plain = lead[1] in ("bare", "comp") and not t.flags[lead[0]] & Flag.AUX
    if frame == "weak" and c > s.a and t.low[c - 1] in _WISHES:
        return True  # ingin mendorong
    if t.low[c - 1] == "dan" and t.low[c] in ("memastikan", "menjamin") and plain:
        return True
    quoted = bool(t.flags[lead[0]] & Flag.QUOTE)
    if t.flags[c - 1] & Flag.YANG and t.low[c + 1] in _TOPICS and lead[1] != "quote":
        return True  # informasi yang menyebut soal kenaikan gaji, ...
    if t.low[c] == "beralasan" and t.flags[c - 1] & Flag.NEGATION:
        return True  # kekhawatiran itu tidak beralasan karena ...
    if source is not None and who in _NO_SPEAKER and source[1] == source[0] + 1:
        return True  # Ini mengisyaratkan bahwa ...
    if who in _FIRST and not quoted and (s.inside or not s.found):
        return True
    led = t.low[skip_back(t, s.a, c)] if c > s.a else ""
    if t.low[c] in ("memastikan", "menjamin") and t.flags[c - 1] & Flag.COORDINATOR:
        led = "untuk" if "untuk" in t.low[max(s.a, c - 14) : c] else led  # untuk memantau dan memastikan
    purpose = led in ("untuk", "guna", "demi") or (frame == "weak" and c > s.a and t.low[c - 1] == "dengan")
    pronoun = source is not None and source[1] == c - 1 and bool(t.flags[source[0]] & Flag.PRONOUN)
    if purpose and not quoted and not pronoun:
        return True
    if frame == "weak" and any(t.low[i] in _MAKING for i in range(max(lo, c - 6), c)):
        return True
    return s.inside and who in ("anda", "kamu", "kalian") and not quoted


def _end(s: Sentence, c: int, k: int, lo: int, how: str, frame: str) -> int:
    """End of the report that begins at `k`: before the sentence's own clause, or in the relative clause of the verb."""
    t = s.t
    end = report_end(t, k, s.b, s.quotes)
    if _fronted(s, c):
        main = _main_clause(s, k, end)
        last = end if t.low[s.a] in _PREMISES else k
        then = next((i for i in range(k + 2, last) if t.flags[i] & Flag.COMMA and t.low[i + 1] in _HENCE), end)
        end = then if main is None else main[0]  # Jika mereka mengatakan ..., maka
    j = skip_back(t, lo, c) if how in ("bare", "comp") else lo - 1
    if j >= lo and t.flags[j] & Flag.YANG:
        if t.flags[j - 1] & Flag.DASH:  # Wati -- yang mengatakan ia lelah -- pulang
            end = next((i for i in range(k, end) if t.flags[i] & Flag.DASH), end)
        end = min(end, relative_end(s, k, apart=bool(t.flags[j - 1] & Flag.COMMA) or "mengutip" in t.low[s.a : j]))
    if frame == "control":
        end = next((i for i in range(k - 1, end - 1) if t.flags[i] & Flag.COMMA and t.low[i + 1] in _THOUGH), end)
    return end


def _fronted(s: Sentence, c: int) -> bool:
    """Whether the verb's clause only leads up to the sentence's own: Setelah Budi mengkritik usul itu, Wati pergi."""
    t = s.t
    first = next((i for i in range(s.a, s.a + 3) if not t.flags[i] & _LEADING_TIME), s.a)  # Dua hari | setelah
    opens = bool(t.flags[first] & Flag.SUBORDINATOR) or t.low[s.a] in _WHEN
    return opens and not any(t.flags[i] & Flag.COMMA for i in range(s.a, c))


def _only_meant(t: Tokens, c: int) -> bool:
    """Whether a verb without a subject tells why or after what something was done: Usai mengumumkan pisah, ..."""
    f = t.flags[c - 1]
    return bool(f & (Flag.SUBORDINATOR | Flag.CONNECTIVE | Flag.PREPOSITION | Flag.VERB)) and not f & Flag.COORDINATOR


def _main_clause(s: Sentence, k: int, end: int) -> tuple[int, int] | None:
    """The comma after a fronted report, and the end of the subject that follows: Mengatakan bahwa ..., Budi pergi."""
    t, flags = s.t, s.t.flags
    for i in range(k + 2, end):
        if not flags[i] & Flag.COMMA and not (flags[i - 1] & Flag.COMMA and flags[i] & Flag.QUOTE):
            continue
        stop = phrase_after(t, i + 1, end)
        if stop > i + 1 and stop < s.b and flags[stop] & (Flag.VERB | Flag.AUX | Flag.ADVERB) and not t.capital(stop):
            return i, stop
    return None


def _reports(t: Tokens, c: int, k: int, end: int, how: str, frame: str) -> bool:
    """Whether what follows the verb is a report and not just an object."""
    if end <= k:
        return False
    if how == "comp" and frame in ("weak", "say", "clause") and t.low[k - 1] == "untuk":
        return t.low[c] in _PLEDGES
    if how in ("that", "colon", "quote", "comp", "adjunct"):
        return True
    if t.low[k] in _WHETHER and frame in ("say", "clause") and end - k >= 3 and t.low[c] not in _ENSURING:
        return True  # mempertanyakan apakah salah bila ia diam
    asked = t.low[c] in _ASKING and t.low[k] in ("apa", "siapa", "kapan", "berapa", "bagaimana")
    if (asked or (t.low[c] in _SHOWS_HOW and t.low[k] in ("bagaimana", "mengapa", "betapa"))) and end - k >= 3:
        return True
    if t.low[k] == "diri" or (t.low[k] in _WORDINGS and not t.flags[k + 1] & Flag.DETERMINER):
        return False  # memastikan diri lolos; menuliskan kata-kata yang menyentuh
    if how == "comma":
        return reports_past_comma(t, c, k, end, frame)
    if t.low[k] == "hal" and frame in ("say", "clause") and equates(t, k, end):
        return True
    if t.low[k] == "hal" and t.low[k + 1] in _LIKEWISE and k + 2 >= end:
        return False
    if t.flags[k] & Flag.YANG or t.low[k] == "hal":
        return is_clause(t, k, next((i for i in range(k, end) if t.flags[i] & Flag.COMMA), end))
    if t.flags[k] & Flag.CUE and not t.flags[k] & Flag.NOUN and frame != "say":
        return t.low[c] == "mengaku" and end - k >= 3  # mengaku percaya kepada panitia
    size = end - k
    if t.capital(k) and t.capital(end - 1) and size > 2 and title_case(t, k, end) and headline_clause(t, k, end):
        return True
    if has_mere_object(t, c, k, end) or (frame == "control" and how == "bare" and is_abstract(t.low[k])):
        return False
    if t.flags[k] & Flag.CUE and t.flags[k] & Flag.NOUN:
        told = not t.flags[k + 1] & (Flag.DETERMINER | Flag.TERMINAL | Flag.SUBORDINATOR)
        if t.low[c] in _DENIALS and size > 2 and told:
            return True
        if any(t.low[i] == "bahwa" for i in range(k, min(end, k + 12))):
            return True
    if frame == "weak":
        return holds(t, c, k, end)
    if t.low[c] in _CLITICS:
        return bool(t.flags[k] & (Flag.VERB | Flag.AUX | Flag.ADJECTIVE | Flag.NEGATION)) or t.low[k] == "sebagai"
    # membantah tuduhan itu
    pointed = size <= MAX_POINTED and t.flags[end - 1] & Flag.DETERMINER and not has_predicate(t, k, end)
    plain = not t.flags[k] & (Flag.PREPOSITION | Flag.YANG) or t.low[k] == "sebanyak"
    if frame == "clause" and size >= 2 and not pointed and plain:
        return t.low[c] not in _CHATTY or is_clause(t, k, end)
    if frame in ("say", "clause") and size >= 4 and t.flags[k] & Flag.ADVERB and t.low[k].endswith("nya"):
        return True  # menyebutkan awalnya mesin itu rusak
    if frame == "control" and size >= 3 and any(t.low[i] in _PURPOSE for i in range(k + 1, min(end, k + 30))):
        return True
    if t.low[c] == "mengutip" and (cited := cites(t, c, k, end)) is not None:
        return cited
    naming: bool | str = frame == "name" or t.low[c] in _NAMES_AS
    if naming and t.low[c] in _CHARGES:
        naming = "opinion"
    plain = t.low[c] == "menyebut" and not t.flags[k + 1] & ~Flag.NOUN  # menyebut ini masalah besar
    if (naming == "opinion" or plain) and t.low[k] in ("ini", "itu") and size >= 3:
        return True  # menilai ini saat yang baik
    return size >= 2 and is_clause(t, k, end, directive=frame in ("name", "control"), naming=naming)


def _report_before(s: Sentence, c: int, source: Range | None) -> bool:
    """Harga naik, The Guardian melaporkan."""
    t, flags = s.t, s.t.flags
    if source is None or t.low[c] not in _MAY_FOLLOW:
        return False
    if c + 1 < s.b and not flags[c + 1] & (Flag.TERMINAL | Flag.PREPOSITION | Flag.TIME | Flag.COMMA):
        return False
    begin, stop = source
    comma = next((k for k in range(c - 1, max(begin, c - 12), -1) if flags[k] & Flag.COMMA), -1)
    whole = stop == c and flags[begin] & (Flag.ROLE | Flag.NOUN)
    if begin < comma < c - 1 and not whole and phrase_after(t, comma + 1, c) == c:
        begin, stop = comma + 1, c
    if begin - 2 <= s.a or not flags[begin - 1] & Flag.COMMA or t.low[begin] in _FIRST:
        return False
    start = clause_start(t, s.a, begin - 1)
    leads = flags[start] & (Flag.SUBORDINATOR | Flag.CONNECTIVE | Flag.ADVERB | Flag.NEGATION)
    fronted = bool(leads) and not any(flags[k] & Flag.COMMA for k in range(start, begin - 1))
    fronted = fronted or bool(flags[start] & Flag.CUE and t.low[start].startswith("di"))  # Disinggung soal itu, Budi
    if fronted or not has_predicate(t, start, begin - 1):
        return False  # Lebih lanjut, Budi menjelaskan
    return add_clause(s, start, begin - 1, [(begin, stop)], [(c, c + 1)], "report-before")
