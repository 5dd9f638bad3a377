"""Writes the state dict of a small PyTorch network to safetensors files, one a float type."""

from pathlib import Path

import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent


def main():
    torch.manual_seed(0)
    net = torch.nn.Sequential()
    net.fc = torch.nn.Linear(3, 2)
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        state = {name: tensor.to(dtype) for name, tensor in net.state_dict().items()}
        name = str(dtype).removeprefix("torch.")
        save_file(state, HERE / f"state_dict.{name}.safetensors")
        print(name, {key: tensor.double().tolist() for key, tensor in state.items()})


if __name__ == "__main__":
    main()
