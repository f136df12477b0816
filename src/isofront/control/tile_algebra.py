"""The linear algebra of one tile, compiled, so that several threads can work on tiles side by side.

With K ≈ Fᵀ F + D over a tile's n reports (F: r pivots by n) and S = I + F W/(1 + W D) Fᵀ = L Lᵀ, all is products with
the inverse of a triangle: single precision is far finer than what the pivots leave.
"""

from __future__ import annotations

from typing import no_type_check

import numpy as np

from isofront.kept_code import njit

ONE, LITTLE, BLOCK, STRIP = np.float32(1), 1e-9, 24, 64


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def inverse_of(root):
    """The inverse of a lower triangle, block of rows after block of rows."""
    n = root.shape[0]
    out = np.zeros((n, n), np.float32)
    for start in range(0, n, BLOCK):
        end = min(start + BLOCK, n)
        own = np.zeros((end - start, end - start), np.float32)
        for j in range(end - start):
            own[j, j] = ONE / root[start + j, start + j]
            for i in range(j + 1, end - start):
                total = np.float32(0)
                for k in range(j, i):
                    total += root[start + i, start + k] * own[k, j]
                own[i, j] = -total / root[start + i, start + i]
        out[start:end, start:end] = own
        if start:
            before = np.dot(root[start:end, :start].copy(), out[:start, :start].copy())
            out[start:end, :start] = -np.dot(own, before)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def squares(columns):
    """Each column's squared length."""
    out = np.zeros(columns.shape[1], np.float32)
    for k in range(columns.shape[0]):
        for j in range(columns.shape[1]):
            out[j] += columns[k, j] * columns[k, j]
    return out.astype(np.float64)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def lower_times(lower, columns):
    """A lower triangle times a matrix, strip after strip of rows: its upper half is not multiplied."""
    n = lower.shape[0]
    out = np.empty((n, columns.shape[1]), np.float32)
    for start in range(0, n, STRIP):
        end = min(start + STRIP, n)
        out[start:end] = np.dot(lower[start:end, :end].copy(), columns[:end])
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def gram(rows):
    """The lower triangle of a matrix times its transpose (and some of the upper)."""
    n = rows.shape[0]
    out = np.zeros((n, n), np.float32)
    for start in range(0, n, STRIP):
        end = min(start + STRIP, n)
        out[start:end, :end] = np.dot(rows[start:end], rows[:end].T)
    return out


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def factors(across, pivots, own):
    """For K between pivots and all reports, and its diagonal: the pivots' root, its inverse, F and D."""
    r = len(pivots)
    among = np.empty((r, r))
    for j in range(r):
        among[:, j] = across[:, pivots[j]]
        among[j, j] += LITTLE
    root = np.linalg.cholesky(among)
    inverse = inverse_of(root.astype(np.float32))
    f = lower_times(inverse, across)
    rest = np.maximum(own - squares(f), 0.0)
    rest[pivots] = 0.0
    return root, inverse, f, rest


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def solution(f, rest, weight, place):
    """For the weights of a tile's reports: E = 1 + W D, W / E, the inverse of L, and at some places the diagonal of
    (K⁻¹ + W)⁻¹.
    """
    eased = 1 + weight * rest
    light = weight / eased
    whole = gram(f * np.sqrt(light).astype(np.float32))
    for k in range(whole.shape[0]):
        whole[k, k] += ONE
    inverse = inverse_of(np.linalg.cholesky(whole))
    left = rest[place] / eased[place] + squares(lower_times(inverse, f[:, place])) / eased[place] ** 2
    return eased, light, inverse, left


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def stepped(f, eased, light, inverse, sought):
    """(I + W K)⁻¹ sought."""
    plain = sought / eased
    inner = np.dot(inverse.T, np.dot(inverse, np.dot(f, plain.astype(np.float32))))
    return plain - light * np.dot(f.T, inner)


@njit(cache=True, nogil=True, error_model="numpy")
@no_type_check
def explained(at_pivots, inverse, across):
    """How much the reports take off the prior variance of spots, from their covariance with the pivots."""
    f = lower_times(at_pivots, across)
    return squares(f) - squares(lower_times(inverse, f))
