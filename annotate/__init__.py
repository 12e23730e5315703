"""atribusi: who said what, in Indonesian news."""

from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "read_csv"]


def __getattr__(name: str) -> Any:
    """`annotate.read_csv`, imported when first used: `import annotate` itself must cost nothing."""
    if name == "read_csv":
        try:
            from annotate.export.csv_files import read_csv
        except ModuleNotFoundError as error:
            from annotate.errors import MissingExtra

            raise MissingExtra("annotate.read_csv", "dataset") from error
        return read_csv
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
