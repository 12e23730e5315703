"""A quoted stretch, as the later stages see it."""


class Quote:
    """A quoted stretch, tokens `a` to `b` (exclusive), marks included. `group` joins the lines of one quotation."""

    __slots__ = ("a", "b", "closed", "group", "inner", "opened", "single")

    def __init__(self, a: int, b: int, *, opened: bool = True, closed: bool = True, single: bool = False) -> None:
        self.a = a
        self.b = b
        self.opened = opened
        self.closed = closed
        self.single = single
        self.group = a
        self.inner: list[Quote] = []

    def __repr__(self) -> str:
        return f"Quote({self.a}, {self.b}, opened={self.opened}, closed={self.closed}, group={self.group})"
