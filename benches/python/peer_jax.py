"""The rows in JAX: compiled functions; training donates parameters and the optimiser's state."""

import os

import protocol

chosen = protocol.options()
os.environ["JAX_PLATFORMS"] = "cpu"
if chosen.threads == 1:
    # XLA makes as many threads as it may use cores
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

random = np.random.default_rng(1)


def normal(*shape, scale=1.0):
    return jnp.asarray(random.standard_normal(shape, dtype=np.float32) * np.float32(scale))


def classes(count):
    return jnp.asarray(random.integers(0, 10, count, dtype=np.int32))


def parameters(*sizes):
    return [(normal(i, o, scale=i**-0.5), jnp.zeros(o)) for i, o in zip(sizes, sizes[1:])]


def forward(activation, layers, x):
    for weight, bias in layers[:-1]:
        x = activation(x @ weight + bias)
    weight, bias = layers[-1]
    return x @ weight + bias


tiny = partial(forward, jnp.tanh)
mlp = partial(forward, partial(jax.nn.gelu, approximate=False))


def mse(layers, x, y):
    return jnp.mean((tiny(layers, x) - y) ** 2)


def cross_entropy(layers, x, labels):
    logits = mlp(layers, x)
    of_label = jnp.take_along_axis(logits, labels[:, None], 1)[:, 0]
    return jnp.mean(jax.nn.logsumexp(logits, -1) - of_label)


def sgd(layers, gradients, state):
    return jax.tree.map(lambda p, g: p - 1e-3 * g, layers, gradients), state


def adam(layers, gradients, state):
    first, second, steps = state
    steps = steps + 1
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
    a, b = 1 - 0.9**steps, 1 - 0.999**steps
    update = lambda p, m, v: p - 1e-4 * (m / a) / (jnp.sqrt(v / b) + 1e-8)
    return jax.tree.map(update, layers, first, second), (first, second, steps)


def inference(net, layers, x):
    net = jax.jit(net)
    return lambda: jax.block_until_ready(net(layers, x))


def training(loss, optimizer, layers, state, batches):
    @partial(jax.jit, donate_argnums=(0, 1))
    def update(layers, state, x, y):
        value, gradients = jax.value_and_grad(loss)(layers, x, y)
        return *optimizer(layers, gradients, state), value

    held = [layers, state]

    def step():
        *held[:], value = jax.block_until_ready(update(*held, *batches.next()))
        return value

    return step


def tiny_training():
    batches = protocol.Rotation(32, lambda: (normal(32, 2), normal(32, 1)))
    return training(mse, sgd, parameters(2, 32, 32, 1), (), batches)


def mlp_training():
    layers = parameters(784, 512, 256, 10)
    zeros = lambda: jax.tree.map(jnp.zeros_like, layers)
    batches = protocol.Rotation(64, lambda: (normal(64, 784), classes(64)))
    return training(cross_entropy, adam, layers, (zeros(), zeros(), jnp.zeros(())), batches)


side = protocol.Side(f"JAX {jax.__version__}", chosen)
side.infer("mlp-tiny-infer", lambda: inference(tiny, parameters(2, 32, 32, 1), normal(1, 2)))
side.train("mlp-tiny-train", tiny_training)
side.train("mlp-train", mlp_training)
for batch in (1, 256):
    side.infer(
        f"mlp-infer-b{batch}",
        lambda: inference(mlp, parameters(784, 512, 256, 10), normal(batch, 784)),
    )
