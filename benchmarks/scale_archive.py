"""A synthetic archive: short news of the project's own making, as many as wanted, with planted near-copies.

    python benchmarks/scale_archive.py 100000 archive.jsonl

The words are this file's, some filler sentences those of `seeds/`; nothing else goes in. Each article (some 130 words,
as agency news in brief) has a headline, direct, mixed and indirect reports, hearsay, paraphrases of what was quoted
before, and filler. Names, offices, places, figures and days vary, so that hardly a sentence comes twice: what is marked
cannot be remembered.

One article in ten is a near-copy of one among the 2,000 before it, and its id says so: `b0000123~tail~b0000045`. The
kinds: `lead` (another first paragraph), `tail` (the last third cut off), `byline` (another agency before, another name
behind), `outlet` (the same words in another newspaper under another headline).
"""

import json
import random
import re
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"


def listed(text: str) -> list[str]:
    """What stands between bars."""
    return [one.strip() for one in text.replace("\n", " ").split("|")]


GIVEN = listed(
    """Agus | Ahmad | Aisyah | Anita | Arif | Bambang | Budi | Citra | Dewi | Dian | Edi | Eka | Endang | Fajar |
Fitri | Gita | Hadi | Hendra | Indah | Intan | Joko | Kartika | Lestari | Lina | Maya | Nanda | Novi | Oki |
Putri | Ratna | Rendra | Rina | Rudi | Sari | Slamet | Sri | Surya | Taufik | Tri | Umi | Vina | Wahyu | Wati
| Yanti | Yudi | Yusuf | Zainal | Made | Ketut | Nyoman"""
)
FAMILY = listed(
    """Aritonang | Batubara | Damanik | Firmansyah | Gunawan | Halim | Harahap | Hidayat | Iskandar | Kurniawan |
Kusuma | Lubis | Mahendra | Maulana | Nasution | Nugroho | Pangestu | Permana | Pratama | Prasetyo | Purnomo |
Rahardjo | Ramadhan | Saputra | Setiawan | Sihombing | Simanjuntak | Siregar | Situmorang | Subagyo | Sudirman
| Sukardi | Sulistyo | Susanto | Sutrisno | Syahputra | Tanjung | Utomo | Wibisono | Wibowo | Widodo | Wijaya
| Winata | Yulianto"""
)
ROLES = listed(
    """Bupati | Wali Kota | Camat | Kepala Dinas Pertanian | Kepala Dinas Kesehatan | Kepala Dinas Pendidikan |
Kapolres | Ketua DPRD | Ketua Koperasi | Direktur Rumah Sakit | Kepala Badan Penanggulangan Bencana | Rektor
Universitas | Sekretaris Daerah | Juru bicara Pemerintah Kabupaten | Ketua Asosiasi Pedagang | Kepala Pasar |
Kepala Pelabuhan | Ketua Kelompok Tani"""
)
PLACES = listed(
    """Kediri | Palu | Ternate | Sabang | Bima | Tegal | Cirebon | Jember | Banjarmasin | Kupang | Ambon | Sorong |
Manado | Kendari | Palopo | Padang | Bukittinggi | Jambi | Bengkulu | Lampung | Serang | Bogor | Garut |
Purwokerto | Salatiga | Madiun | Malang | Blitar | Denpasar | Mataram | Ende | Pontianak | Singkawang |
Samarinda | Tarakan | Gorontalo | Mamuju | Merauke | Nabire | Tual"""
)
THINGS = listed(
    """beras | jagung | kedelai | bawang merah | bawang putih | cabai | minyak goreng | gula pasir | telur ayam |
daging sapi | ikan kembung | garam | kopi | cengkeh | pala | kakao | karet | kelapa sawit | rumput laut |
udang | kayu lapis | semen | pupuk urea | gas tiga kilogram | solar | vaksin rabies | buku pelajaran | air
bersih | listrik | benih padi | pakan ternak"""
)
MOVES = listed("naik | turun | bertambah | berkurang | melonjak | merosot")
WORKS = listed(
    """jembatan | pasar induk | bendungan | sekolah dasar | puskesmas | pelabuhan | jalan lingkar | terminal |
irigasi | gudang pangan | rumah susun | balai desa | taman kota | tempat pelelangan ikan | stasiun pompa |
jaringan pipa"""
)
STATES = listed(
    """rampung sebelum musim hujan | tertunda karena lahan belum bebas | menelan biaya lebih besar dari rencana |
dikerjakan siang dan malam | diperiksa ulang oleh tim ahli | dibuka untuk umum bulan depan | menunggu izin
dari provinsi | dilanjutkan dengan dana daerah | diawasi warga sekitar | memakai bahan dari dalam negeri"""
)
GROUPS = listed(
    """warga | petani | nelayan | pedagang | guru | perawat | mahasiswa | sopir | buruh | perajin | peternak |
pelajar"""
)
DEEDS = listed(
    """menunggu kepastian sejak pekan lalu | mengantre di kantor kecamatan | membersihkan saluran air | menanam pohon
di tepi sungai | memperbaiki atap yang rusak | mengikuti pelatihan selama tiga hari | menerima bantuan tahap
kedua | menggelar rapat di balai desa | mengangkut hasil panen lewat jalan lama | memeriksa timbangan di pasar
| menata kembali kios mereka | menghitung kerugian"""
)
DAYS = listed("Senin | Selasa | Rabu | Kamis | Jumat | Sabtu | Minggu")
MONTHS = listed(
    "Januari | Februari | Maret | April | Mei | Juni | Juli | Agustus | September | Oktober | November | Desember"
)
OUTLETS = [
    f"{a} {b}" for a in ("Harian", "Kabar", "Suara", "Warta") for b in ("Pagi", "Nusantara", "Timur", "Kota", "Desa")
]
KINDS = ("lead", "tail", "byline", "outlet")
EVERY = 10  # one article in so many is a near-copy
BEFORE = 2000  # of one among so many before it


def seed_sentences() -> list[str]:
    """Sentences of the seed articles that stand alone: without quotation marks."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    found = re.findall(r"[A-Z][^.!?\n“”‘’\"']{40,160}\.(?=\s)", text)
    return sorted(set(found))


class Grammar:
    """Makes articles; the same number, the same article."""

    def __init__(self) -> None:
        self._filler = seed_sentences()

    def article(self, number: int) -> dict[str, str]:
        """Article `number`, no copy of any other."""
        c = random.Random(number * 2654435761 + 17)
        name, role, place = self._name(c), c.choice(ROLES), c.choice(PLACES)
        claim, move = self._claim(c), c.choice(MOVES)
        thing = c.choice(THINGS)
        paragraphs = [
            f"{place} — {self._fact(c, place)} {self._scene(c)}",
            self._direct(c, claim, name, f"{role} {place}"),
            f"{name.split()[-1]} {c.choice(('mengatakan', 'menegaskan', 'menjelaskan', 'menyebut', 'mengakui'))} "
            f"{c.choice(('bahwa ', ''))}{self._claim(c)}.",
            f"{self._scene(c)} {c.choice(self._filler) if c.random() < 0.3 else self._fact(c, place)}",
            self._other(c, claim, place),
            f"{self._fact(c, place)} {self._scene(c)}",
        ]
        if c.random() < 0.3:
            paragraphs.append(f"{self._scene(c)} {self._fact(c, c.choice(PLACES))}")
        title = f"Harga {thing} di {place} {move} {c.randrange(2, 90)} persen"
        year, month, day = 2001 + number % 25, c.randrange(1, 13), c.randrange(1, 29)
        return {
            "id": f"b{number:07}", "title": title, "text": "\n\n".join(paragraphs), "outlet": c.choice(OUTLETS),
            "published_at": f"{year}-{month:02}-{day:02}", "url": f"https://contoh.id/berita/{number}",
        }  # fmt: skip

    def copy(self, number: int, of: dict[str, str]) -> dict[str, str]:
        """Article `number`, which is a near-copy."""
        c = random.Random(number * 40503 + 5)
        kind = KINDS[c.randrange(len(KINDS))]
        paragraphs = of["text"].split("\n\n")
        if kind == "lead":
            paragraphs[0] = f"{self._scene(c)} {self._fact(c, c.choice(PLACES))}"
        elif kind == "tail":
            paragraphs = paragraphs[: max(2, len(paragraphs) * 2 // 3)]
        elif kind == "byline":
            paragraphs[0] = f"JAKARTA, {c.choice(OUTLETS)} — {paragraphs[0]}"
            paragraphs[-1] += f" (Penulis: {self._name(c)}; Editor: {self._name(c)})"
        outlet = c.choice([one for one in OUTLETS if one != of["outlet"]])
        title = of["title"] if kind == "byline" else f"{c.choice(PLACES)} hari ini: {self._claim(c)}"
        return {
            **of, "id": f"b{number:07}~{kind}~{of['id'].split('~')[-1]}", "title": title, "outlet": outlet,
            "text": "\n\n".join(paragraphs), "url": f"https://contoh.id/berita/{number}",
        }  # fmt: skip

    def _name(self, c: random.Random) -> str:
        return f"{c.choice(GIVEN)} {c.choice(FAMILY)}"

    def _claim(self, c: random.Random) -> str:
        if c.random() < 0.5:
            return (
                f"pasokan {c.choice(THINGS)} dari {c.choice(PLACES)} {c.choice(MOVES)} "
                f"{c.randrange(2, 900)} ton sejak {c.choice(DAYS)}"
            )
        return f"pembangunan {c.choice(WORKS)} di {c.choice(PLACES)} {c.choice(STATES)}"

    def _fact(self, c: random.Random, place: str) -> str:
        return (
            f"Harga {c.choice(THINGS)} di pasar {place} {c.choice(MOVES)} menjadi Rp{c.randrange(20, 999) * 100} "
            f"pada {c.choice(DAYS)}, {c.randrange(1, 29)} {c.choice(MONTHS)}."
        )

    def _scene(self, c: random.Random) -> str:
        return f"Sedikitnya {c.randrange(3, 4000)} {c.choice(GROUPS)} di {c.choice(PLACES)} {c.choice(DEEDS)}."

    def _direct(self, c: random.Random, claim: str, name: str, role: str) -> str:
        said = c.choice(("kata", "ujar", "tutur", "ucap", "ungkap"))
        open_, close = c.choice((("“", "”"), ('"', '"')))
        quote = f"{open_}{claim[0].upper()}{claim[1:]},{close}"
        if c.random() < 0.4:
            return f"{quote} {said} {name}, {role}, {c.choice(DAYS)}. {open_}Kami {c.choice(DEEDS)}.{close}"
        when = f"{c.choice(DAYS)} ({c.randrange(1, 29)}/{c.randrange(1, 13)})"
        return f"{quote} {said} {role} {name} di {c.choice(PLACES)}, {when}."

    def _other(self, c: random.Random, claim: str, place: str) -> str:
        form = c.randrange(4)
        other = self._claim(c)
        if form == 0:
            return f"Menurut {self._name(c)}, {c.choice(ROLES).lower()} {place}, {other}."
        if form == 1:
            deed = c.choice(("dibenahi", "dikaji", "dilanjutkan", "dihentikan"))
            return f"{c.choice(ROLES)} {place} {self._name(c)} menilai {claim} “harus segera {deed}”."
        if form == 2:
            return f"{c.choice(('Dikabarkan', 'Konon,', 'Disebutkan bahwa'))} {other}. {self._scene(c)}"
        return f"{self._scene(c)} Hal itu dibenarkan {self._name(c)}, yang membantah bahwa {other}."


def articles(count: int) -> Iterator[dict[str, str]]:
    """The archive, in order."""
    grammar = Grammar()
    before: deque[dict[str, str]] = deque(maxlen=BEFORE)
    for number in range(count):
        if number % EVERY == EVERY - 1:
            yield grammar.copy(number, before[(number * 7919) % len(before)])
            continue
        made = grammar.article(number)
        before.append(made)
        yield made


def write(path: Path, count: int) -> int:
    """Writes the archive as JSON lines; gives the number of words."""
    words = 0
    with path.open("w", encoding="utf-8") as file:
        for article in articles(count):
            words += article["text"].count(" ") + article["title"].count(" ") + 2
            file.write(json.dumps(article, ensure_ascii=False) + "\n")
    return words


def distinct_sentences(path: Path, most: int = 100_000) -> tuple[int, int]:
    """Sentences of the first `most` articles: all, and distinct ones."""
    total, seen = 0, set()
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number == most:
                break
            for sentence in re.split(r"(?<=[.”\"])\s+", json.loads(line)["text"]):
                total += 1
                seen.add(hash(sentence))
    return total, len(seen)


if __name__ == "__main__":
    count, target = int(sys.argv[1]), Path(sys.argv[2])
    words = write(target, count)
    total, distinct = distinct_sentences(target)
    print(f"{target}: {count} articles, {words} words; of the first {total} sentences {distinct} are distinct")
