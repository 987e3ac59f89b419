"""The models beside the reader's: a memory's own, writer and encoder, and a judge, loaded once."""

from collections.abc import Collection

from memeval.encoders import CachedEncoder, encoder_module, load_encoder
from memeval.judging import Judge, prompts_digest
from memeval.matrix.cells import Context
from memeval.models import TextModel, load_model
from memeval.telemetry.code import code_hash


def model_named(name: str, context: Context) -> TextModel:
    """Load a model with what the command says of all models.

    Raises:
        ModelError: there is no such model.
    """
    return load_model(
        name,
        cache_dir=context.cache_dir,
        device=context.device,
        precision=context.precision,
        batch_size=context.batch_size,
        threads=context.threads,
        concurrency=context.concurrency,
        window=context.window,
    )


class Companions:
    """What `--memory-model`, `--writer`, `--encoder` and `--judge` name, for all of a command."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._models: dict[str, TextModel] = {}
        self._encoder: CachedEncoder | None = None
        self._judge: Judge | None = None

    def identity(self, needs: Collection[str], reader: TextModel) -> dict[str, str]:
        """Return what tells the named companions that a memory needs from others.

        Raises:
            ConfigError, ModelError or PluginError: one cannot be had.
        """
        parts: dict[str, str] = {}
        if (judge := self.judge()) is not None:
            parts |= {"judge": judge.model.fingerprint(), "judge's prompts": prompts_digest()}
        if "model" in needs and self._context.memory_model is not None:
            parts["memory's model"] = self.memory_model(reader).fingerprint()
        if "writer" in needs and self._context.writer is not None:
            parts["writer"] = self.writer(reader).fingerprint()
        if "encoder" in needs and self._context.encoder is not None:
            encoder = self.encoder()
            if encoder is not None and (fingerprint := encoder.fingerprint()):
                parts["encoder"] = fingerprint
            parts["encoder's code"] = code_hash(encoder_module(self._context.encoder))
        return parts

    def writer(self, reader: TextModel) -> TextModel:
        """Return the model of a memory's own calls: the reader's unless another is named.

        Raises:
            ModelError: there is no such model.
        """
        return self._named(self._context.writer) or reader

    def memory_model(self, reader: TextModel) -> TextModel:
        """Return the model that a memory reads events with: the reader's unless another is named.

        Raises:
            ModelError: there is no such model.
        """
        return self._named(self._context.memory_model) or reader

    def _named(self, name: str | None) -> TextModel | None:
        if name is None:
            return None
        if name not in self._models:
            self._models[name] = model_named(name, self._context)
        return self._models[name]

    def judge(self) -> Judge | None:
        """Return what judges answers; None unless one is named.

        Raises:
            ModelError: there is no such model.
        """
        context = self._context
        if self._judge is None and context.judge is not None:
            self._judge = Judge(model_named(context.judge, context), votes=context.judge_votes)
        return self._judge

    def encoder(self) -> CachedEncoder | None:
        """Return what makes vectors of sentences; None unless one is named.

        Raises:
            ConfigError, ModelError or PluginError: there is no such encoder, or it cannot be used.
        """
        context = self._context
        if self._encoder is None and context.encoder is not None:
            self._encoder = load_encoder(
                context.encoder,
                cache_dir=context.cache_dir,
                device=context.device,
                threads=context.threads,
                vector_cache=context.vector_cache,
                concurrency=context.concurrency,
            )
        return self._encoder
