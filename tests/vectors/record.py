"""Records what PyTorch computes: a network's weights, and its values, gradients and first steps."""

import torch
from safetensors.torch import save_file
from torch import nn

STEPS = 3


def record(folder, name, model, inputs, targets, loss, rename=lambda name: name, steps=STEPS):
    """Writes `name.safetensors`, the weights as a network loads them, and `name.expected.safetensors`.

    `model(*inputs)` is a tuple, `loss(outputs, inputs, targets)` a number. `rename` gives the names
    that parameters have in the other library. After them come `steps` steps of training.

    What batch normalisation keeps is recorded beside the parameters. Outputs are those of inference.
    """
    buffers = lambda: {k: b for k, b in model.named_buffers() if k in model.state_dict()}
    differs = any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in model.modules())
    # what f32 cannot hold would differ in its last digits
    exact = lambda x: x.float().double() if x.is_floating_point() else x
    model.load_state_dict({k: exact(v) for k, v in model.state_dict().items()})
    inputs, targets = [exact(x) for x in inputs], [exact(t) for t in targets]
    weights = {rename(k): p.detach().float() for k, p in model.named_parameters()}
    stored = lambda b: b.float() if b.is_floating_point() else b
    weights |= {rename(k): stored(b.clone()) for k, b in buffers().items()}
    folder.mkdir(exist_ok=True)
    save_file(weights, folder / f"{name}.safetensors")

    model.train(not differs)
    outputs = model(*inputs)
    evaluated = loss(outputs, inputs, targets)
    model.train()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    value = loss(model(*inputs), inputs, targets)
    value.backward()
    model.load_state_dict(before)
    numbers = {"evaluated": evaluated} if differs else {}
    numbers |= {f"input.{i}": x for i, x in enumerate(inputs)}
    numbers |= {f"target.{i}": t for i, t in enumerate(targets)}
    numbers |= {f"output.{i}": y for i, y in enumerate(outputs)}
    numbers |= {f"gradient.{rename(k)}": p.grad for k, p in model.named_parameters()}
    # of the first step
    numbers = {k: v.detach().clone().contiguous() for k, v in numbers.items()}

    # Adam would divide gradients that are zero, but for rounding, by themselves
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        value = loss(model(*inputs), inputs, targets)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    numbers["losses"] = torch.tensor(losses)
    numbers |= {f"after.{rename(k)}": p.detach().clone() for k, p in model.named_parameters()}
    numbers |= {f"after.{rename(k)}": b.clone() for k, b in buffers().items()}
    save_file(numbers, folder / f"{name}.expected.safetensors")
