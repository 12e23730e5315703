"""What a word can be in a clause, as bits: enough of a grammar to find where a noun phrase or a report ends.

A word may have several; a name has none. They are constants of a module: compiled code has them as plain numbers,
and the interpreter reads them three times as fast as those of a class.
"""

from typing import Final

AUX: Final = 1
ADVERB: Final = 2
NEGATION: Final = 4
PREPOSITION: Final = 8
SUBORDINATOR: Final = 16
COORDINATOR: Final = 32
CONNECTIVE: Final = 64
TIME: Final = 128
PRONOUN: Final = 256
DETERMINER: Final = 512
COMP: Final = 1024
VERB: Final = 2048
NOUN: Final = 4096
CUE: Final = 8192
COMMA: Final = 1 << 14
TERMINAL: Final = 1 << 15
NEWLINE: Final = 1 << 16
QUOTE: Final = 1 << 17
OPEN: Final = 1 << 18
CLOSE: Final = 1 << 19
COLON: Final = 1 << 20
YANG: Final = 1 << 21
NUMBER: Final = 1 << 22
DASH: Final = 1 << 23
ROLE: Final = 1 << 24
ADJECTIVE: Final = 1 << 25
