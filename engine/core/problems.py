"""Errors that a person is meant to read: one sentence that says what is wrong and what to do."""


class AxonError(Exception):
    """Something the user can understand and mend; ``str(error)`` is the whole sentence."""


class UnknownKindError(AxonError):
    """A file or an edit names a kind that no registry has."""


class KnobError(AxonError):
    """A setting is of the wrong type or out of its range."""


class DocumentError(AxonError):
    """The network as drawn cannot be built or trained; ``layer`` says where, if anywhere."""

    def __init__(self, sentence: str, layer: str | None = None) -> None:
        super().__init__(sentence)
        self.layer = layer


class FileError(AxonError):
    """A file cannot be read or written; the open work is untouched."""


class DataError(AxonError):
    """A data set cannot be used."""


class DivergenceError(AxonError):
    """Training produced a value that is not a finite number."""
