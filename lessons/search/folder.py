"""The process in which a model of a folder works: `model.onnx` and `tokenizer.json`, as models of sentences are
published. What it gives word by word is averaged over the words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from lessons.search import child

LONGEST = 512
"""Tokens of a text that are read."""


def model_of(folder: Path) -> Path:
    """Where the model lies: in the folder, or in `onnx` below it."""
    return next((one for one in (folder / "model.onnx", folder / "onnx" / "model.onnx") if one.is_file()), folder)


def told_apart(text: str, model: str, *, question: bool) -> str:
    """E5 models want to know a question from a passage: it is said only where the model's name does."""
    return f"{'query' if question else 'passage'}: {text}" if "e5" in model.lower() else text


def main(folder: Path, name: str) -> None:
    import numpy as np
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = InferenceSession(model_of(folder), options, providers=["CPUExecutionProvider"])
    wanted = {one.name for one in model.get_inputs()}
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()

    def embed(text: str, question: bool) -> Any:
        read = tokenizer.encode(told_apart(text, name, question=question))
        given = {"input_ids": read.ids, "attention_mask": read.attention_mask, "token_type_ids": read.type_ids}
        found = model.run(None, {n: np.array([row], np.int64) for n, row in given.items() if n in wanted})[0]
        return found[0].mean(0) if found.ndim == 3 else found[0]

    child.answer(embed)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
