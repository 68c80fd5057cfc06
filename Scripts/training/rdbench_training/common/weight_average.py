"""An exponential moving average of a network's weights, which is what is evaluated and exported."""

import torch
from torch import Tensor, nn


class WeightAverage:
    """Exponential moving average of parameters, with a shorter memory in the first steps."""

    def __init__(self, network: nn.Module, decay: float):
        self.decay = decay
        self.parameters = list(network.parameters())
        self.names = [name for name, _ in network.named_parameters()]
        self.averages = [p.detach().clone() for p in self.parameters]

    @torch.no_grad()
    def update(self, step: int):
        decay = min(self.decay, (step + 1) / (step + 10))
        torch._foreach_lerp_(self.averages, [p.detach() for p in self.parameters], 1 - decay)

    def state_dict(self) -> dict[str, Tensor]:
        return dict(zip(self.names, self.averages))

    def load_state_dict(self, state: dict[str, Tensor]):
        if sorted(state) != sorted(self.names):
            raise ValueError("weight average: other parameter names than the network's")
        with torch.no_grad():
            for name, average in zip(self.names, self.averages):
                average.copy_(state[name])
