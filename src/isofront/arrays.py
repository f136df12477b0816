"""An array's kind and shape, for annotations: `Float[np.ndarray, "ny nx"]`, in jaxtyping's words.

They are checked by the type checker, and by the tests, which load jaxtyping first. No command checks them, so none
loads it, which would take a tenth of a second: there a word stands for the kind of array alone.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING or sys.modules.get("jaxtyping"):
    from jaxtyping import Bool, Float, Float32, Int, Int8, Int16, Shaped, UInt8
else:

    class _Unchecked:
        """Asked for a kind of array and its shape, gives the kind."""

        def __class_getitem__(cls, asked: tuple[Any, str]) -> Any:
            return asked[0]

    Bool = Float = Float32 = Int = Int8 = Int16 = Shaped = UInt8 = _Unchecked

__all__ = ["Bool", "Float", "Float32", "Int", "Int8", "Int16", "Shaped", "UInt8"]
