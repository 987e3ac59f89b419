"""The models that a memory may need beside the reader's: a writer and an encoder, loaded once."""

from memeval.encoders import load_encoder
from memeval.matrix.cells import Context
from memeval.models import Encoder, TextModel, load_model


class Companions:
    """What `--writer` and `--encoder` name, for every cell of a command."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._writer: TextModel | None = None
        self._encoder: Encoder | None = None

    def writer(self, reader: TextModel) -> TextModel:
        """Return the model of a memory's own calls: the reader's unless another is named.

        Raises:
            ModelError: there is no such model.
        """
        context = self._context
        if context.writer is None:
            return reader
        if self._writer is None:
            self._writer = load_model(
                context.writer,
                cache_dir=context.cache_dir,
                device=context.device,
                batch_size=context.batch_size,
                threads=context.threads,
            )
        return self._writer

    def encoder(self) -> Encoder | None:
        """Return what makes vectors of sentences; None unless one is named.

        Raises:
            ConfigError: there is no such encoder.
        """
        if self._encoder is None and self._context.encoder is not None:
            self._encoder = load_encoder(self._context.encoder)
        return self._encoder
