"""The two quantisers of the content-weighted codec, with their surrogate gradients.

Source: Li et al. 2017, equations 1 to 7; the counting of maps follows equation 5.
"""

import torch
from torch import Tensor


class Binarize(torch.autograd.Function):
    """`B(e) = 1 if e > 0.5 else 0` (equation 1), gradient 1 for 0 <= e <= 1, else 0 (equation 3)."""

    @staticmethod
    def forward(ctx, e: Tensor) -> Tensor:
        ctx.save_for_backward(e)
        return (e > 0.5).to(e.dtype)

    @staticmethod
    def backward(ctx, grad: Tensor) -> Tensor:
        (e,) = ctx.saved_tensors
        return grad * ((e >= 0) & (e <= 1)).to(grad.dtype)


class StraightThroughSign(torch.autograd.Function):
    """Sign of `e` with values -1 and +1 (zero gives -1, as a bit of 0), gradient 1 for -1 <= e <= 1."""

    @staticmethod
    def forward(ctx, e: Tensor) -> Tensor:
        ctx.save_for_backward(e)
        return 2 * (e > 0).to(e.dtype) - 1

    @staticmethod
    def backward(ctx, grad: Tensor) -> Tensor:
        (e,) = ctx.saved_tensors
        return grad * (e.abs() <= 1).to(grad.dtype)


def code_signs(logits: Tensor, nonlinearity: str) -> Tensor:
    """Turns code logits (N, n, h, w) into 2B - 1, values -1 and +1; the bit is `logit > 0` either way."""
    if nonlinearity == "sigmoid":
        return 2 * Binarize.apply(torch.sigmoid(logits)) - 1
    return StraightThroughSign.apply(torch.tanh(logits))


def map_thresholds(code_maps: int, levels: int, device=None) -> Tensor:
    """The level `g_k = ceil((k + 1) L / n)` from which on map k = 0 ... n-1 is sent, shape (n,)."""
    k = torch.arange(1, code_maps + 1, device=device)
    return (k * levels + code_maps - 1) // code_maps


def quantize_importance(p: Tensor, levels: int) -> Tensor:
    """`Q = min(floor(L p), L - 1)` (equation 4), as float of the shape of p."""
    return torch.clamp(torch.floor(levels * p), 0, levels - 1)


class ImportanceMask(torch.autograd.Function):
    """Mask (N, n, h, w) of an importance map p (N, 1, h, w): `m_k = 1 if g_k <= Q` (equation 5).

    The gradient with respect to p is `scale * L` for `L p - 1 <= g_k < L p + 2`, else 0. Scale 1 is
    equation 7 as printed; 1/3 makes it the mean slope of the mask over the three levels that it covers.
    """

    @staticmethod
    def forward(ctx, p: Tensor, thresholds: Tensor, levels: int, scale: float) -> Tensor:
        ctx.save_for_backward(p, thresholds)
        ctx.levels, ctx.scale = levels, scale
        return (thresholds.view(1, -1, 1, 1) <= quantize_importance(p, levels)).to(p.dtype)

    @staticmethod
    def backward(ctx, grad: Tensor):
        p, thresholds = ctx.saved_tensors
        g = thresholds.view(1, -1, 1, 1).to(p.dtype)
        near = (g >= ctx.levels * p - 1) & (g < ctx.levels * p + 2)
        return (grad * near.to(grad.dtype)).sum(1, keepdim=True) * (ctx.levels * ctx.scale), None, None, None
