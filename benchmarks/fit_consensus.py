"""Fit the weights of crawler/extract/second_reading/combine.py to the paragraphs of public sets, and print them.

    python benchmarks/fit_consensus.py FOLDER                # on every page
    python benchmarks/fit_consensus.py FOLDER --half first   # on every other page; score the rest with extract_quality.py

FOLDER is that of extract_quality.py. A paragraph of either reading is text if the truth holds half of its shingles. Pages
count alike, their paragraphs by their words. Logistic regression with a ridge, by Newton's method, on standardised signs.
"""

from __future__ import annotations

import argparse
import gzip
import logging
import sys
from math import exp, sqrt
from pathlib import Path
from typing import Any

from extract_quality import pages_of

from crawler.extract import extract
from crawler.extract import read as reading
from crawler.extract.second_reading import combine as consensus
from crawler.extract.second_reading.combine import WEIGHTS, Words, with_signs

SETS = ("scrapinghub", "fundus", "wcxb_article")
Sample = tuple[list[float], bool, float]


def samples_of(folder: Path, name: str, half: str | None) -> list[Sample]:
    """Signs (in the order of WEIGHTS), whether it is text, and weight, of every paragraph of a set."""
    samples: list[Sample] = []
    judged: list[Any] = []

    def collecting(*arguments: Any) -> Any:
        judged.extend(with_signs(*arguments))
        return consensus.combine(*arguments)

    reading.combine = collecting
    for row in pages_of(folder / name, half):
        judged.clear()
        extract(gzip.decompress((folder / name / row["html"]).read_bytes()), row["url"] or "http://example.com/")
        truth = Words(row["text"])
        words = [max(1, len(paragraph.block.text.split())) for paragraph, _ in judged]
        for (paragraph, found), count in zip(judged, words, strict=True):
            vector = [1.0, *(float(found[sign]) for sign in WEIGHTS if sign != "bias")]
            samples.append((vector, truth.holds(paragraph.block.text), count / sum(words)))
    return samples


def fitted(samples: list[Sample], ridge: float, rounds: int = 12) -> list[float]:
    """Weights in the signs' own units, the bias first."""
    size = len(samples[0][0])
    whole = sum(weight for _, _, weight in samples)
    mean = [sum(weight * vector[at] for vector, _, weight in samples) / whole for at in range(size)]
    spread = [
        sqrt(sum(weight * (vector[at] - mean[at]) ** 2 for vector, _, weight in samples) / whole) or 1.0
        for at in range(size)
    ]
    mean[0], spread[0] = 0.0, 1.0
    scaled = [([(v - m) / s for v, m, s in zip(vector, mean, spread, strict=True)], y, w) for vector, y, w in samples]
    weights = [0.0] * size
    for _ in range(rounds):
        gradient = [0.0] + [ridge * value for value in weights[1:]]
        matrix = [[ridge * (row == column and row > 0) for column in range(size)] for row in range(size)]
        for vector, is_text, share in scaled:
            chance = 1 / (1 + exp(-max(-30.0, min(30.0, sum(map(float.__mul__, weights, vector))))))
            slope = share * (chance - is_text)
            bend = share * chance * (1 - chance)
            for row, value in enumerate(vector):
                gradient[row] += slope * value
                line = matrix[row]
                scale = bend * value
                for column in range(row + 1):
                    line[column] += scale * vector[column]
        for row in range(size):
            for column in range(row + 1, size):
                matrix[row][column] = matrix[column][row]
        weights = [value - step for value, step in zip(weights, solved(matrix, gradient), strict=True)]
    raw = [value / by for value, by in zip(weights, spread, strict=True)]
    raw[0] -= sum(value * middle for value, middle in zip(raw[1:], mean[1:], strict=True))
    return raw


def solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a small system of linear equations, by elimination with pivots."""
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        pivot = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[pivot] = rows[pivot], rows[at]
        for row in range(at + 1, size):
            factor = rows[row][at] / rows[at][at]
            rows[row] = [value - factor * above for value, above in zip(rows[row], rows[at], strict=True)]
    found = [0.0] * size
    for at in range(size - 1, -1, -1):
        found[at] = (rows[at][-1] - sum(rows[at][row] * found[row] for row in range(at + 1, size))) / rows[at][at]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("first", "second"))
    parser.add_argument("--ridge", type=float, default=1.0, help="strength of the ridge, in pages (default 1)")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    samples = [sample for name in SETS for sample in samples_of(options.folder, name, options.half)]
    print(f"{len(samples)} paragraphs, {sum(is_text for _, is_text, _ in samples)} of them text")
    for name, value in zip(WEIGHTS, fitted(samples, options.ridge), strict=True):
        print(f'    "{name}": {value:.2f},')
    return 0


if __name__ == "__main__":
    sys.exit(main())
