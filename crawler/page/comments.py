"""Comments of scripts that nothing closes: an expression for ``/* … */`` would read to the end for each of them."""

from __future__ import annotations


def without_open_comments(code: str) -> str:
    """The code with each ``/*`` that no ``*/`` follows parted into ``/ *``, which begins no comment.

    >>> without_open_comments("a /* b */ c /* d /* e")
    'a /* b */ c / * d / * e'
    """
    closed = code.rfind("*/") + 2 if "*/" in code else 0
    return code[:closed] + code[closed:].replace("/*", "/ *")
