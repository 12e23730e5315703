"""How the time to mark one article grows with its length: microseconds of the processor per character.

    python benchmarks/marking_growth.py [--largest 10000000] [--only capitals]

Running news and hostile articles, 1 KB to 10 MB, speakers included. A row is flat when its last columns are no larger
than its first ones; `growth` is the largest article's time per character over that of the article of a tenth or a
hundredth of its length (whichever was slower), so that 1.0 is linear and 10 is quadratic.

What it told is in `docs/speed.md`.
"""

import argparse
import gc
import time
from collections.abc import Callable
from itertools import count, islice
from pathlib import Path

from annotate.datamodel import Document
from annotate.marking import Marker

SEEDS = Path(__file__).parent.parent / "seeds"
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
REPEATED = {
    "opening marks": '"Kami ',
    "closing marks": 'kami" ',
    "one mark": '"',
    "one curly mark": "“",
    "single marks": "'kami ' ",
    "glued marks": 'kami."Kami',
    "nested marks": "“‘«",
    "nested, spaced": "“Kami ‘kami ",
    "quotations": '"Kami siap," katanya. ',
    "first person": '"Saya siap," kata saya. ',
    "lost stops": "air surut Ia pulang. ",
    "cues": "mengatakan ",
    "kata": "kata ",
    "every cue": "Budi mengatakan menurut dia dikutip dari bahwa ujar diduga ",
    "roots and commas": "Budi, kata dia, ",
    "that": "Budi yakin bahwa ",
    "stray closing marks": 'Budi mengatakan harga" naik. ',
    "stray marks, no stop": 'harga naik Budi mengatakan harga" ',
    "sentence before": '"Kami siap," kata Budi. Harga beras naik. Hal itu disampaikan Ratih. ',
    "own words": '"Saya mengatakan harga naik, kata saya, dan kami menilai itu salah," kata Budi. ',
    "nicknames": "Jokowi mengatakan harga naik. ",
    "days": "Budi mengatakan harga naik Senin (1/2), ",
    "names": "Budi Santoso ",
    "names that speak": "Budi Santoso mengatakan Ratih Lestari menang. ",
    "pronouns": "Dia mengatakan mereka kalah. ",
    "offices": "Menteri itu mengatakan presiden tersebut kalah. ",
    "acronyms": "Komisi Yudisial (KY) kata KY. ",
    "capitals": "A ",
    "capital words": "KATA ",
    "glued capitals": "A",
    "initials": "A.",
    "brackets": "(",
    "bracketed names": "(Budi) ",
    "dashes": "-",
    "dashed words": "budi-",
    "spaced dashes": "Budi - ",
    "commas": "Budi, ",
    "one word": "a",
    "one sentence": "harga beras naik lagi karena hujan ",
    "full stops": ".",
    "question marks": "?kami ",
    "digits": "1.",
    "entities": "&quot;",
    "line breaks": '"\n',
    "blank lines": "\n",
    "white space": " \t",
    "lines": "kata Budi\n",
}


def shapes() -> dict[str, Callable[[int], str]]:
    """Articles of a given length, by what they are made of."""
    news = "\n\n".join(path.read_text(encoding="utf-8").strip() for path in sorted(SEEDS.glob("*.txt"))) + "\n\n"
    line = " ".join(news.split()) + " "
    number = count()

    def ever_new(sentence: str, size: int) -> str:
        """Names that no text before held: nothing is remembered of them."""
        names = ("".join(chr(97 + n // 26**k % 26) for k in range(5)) for n in number)
        sentences = (sentence.format(first=name.title(), name=name, last=f"Budi{name[:2]}") for name in names)
        return "".join(islice(sentences, size // len(sentence) + 1))[:size]

    made: dict[str, Callable[[int], str]] = {
        "news, one paragraph": lambda size: _filled(line, size),
        "news, paragraphs": lambda size: _filled(news, size),
        "ever new names": lambda size: ever_new("{first} {last} mengatakan harga naik lima persen. ", size),
        "ever new short names": lambda size: ever_new("{first} mengatakan harga naik. ", size),
        "ever new names, small": lambda size: ever_new("Harga naik, kata {name}. Warga {first} diam. ", size),
        "one quotation": lambda size: "“" + _filled("Budi mengatakan naik. Dia mengatakan turun. ", size - 1),
        "a quotation that closes": lambda size: (
            "“" + _filled("Budi mengatakan naik. Dia mengatakan turun. ", size - 20) + "” kata Ratih Lestari"
        ),
    }
    for name, unit in REPEATED.items():
        made[name] = lambda size, unit=unit: _filled(unit, size)  # type: ignore[misc]
    return made


def _filled(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[:size]


def per_character(marker: Marker, shape: Callable[[int], str], size: int) -> float:
    """Microseconds of processor time for each character of such a text; of short ones the best of three runs."""
    best = float("inf")
    for _ in range(3 if size <= 100_000 else 1):
        documents = [Document("growth", shape(size)) for _ in range(max(1, 50_000 // size))]
        begun = time.process_time()
        for document in documents:
            marker.mark(document)
        best = min(best, (time.process_time() - begun) / sum(len(document.text) for document in documents))
    return best * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="characters of the longest article")
    parser.add_argument("--only", default="", help="shapes whose name holds these words")
    options = parser.parse_args()
    sizes = [size for size in SIZES if size <= options.largest]
    print("microseconds per character", *(f"{size:,}" for size in sizes), "growth", sep="\t")
    marker = Marker()
    marker.mark(Document("warm", shapes()["news, paragraphs"](100_000)))
    for name, shape in shapes().items():
        if options.only in name:
            gc.collect()
            cells = [per_character(marker, shape, size) for size in sizes]
            growth = cells[-1] / max(cells[-3:-1] or cells)
            print(name, *(f"{cell:.2f}" for cell in cells), f"{growth:.1f}", sep="\t", flush=True)


if __name__ == "__main__":
    main()
