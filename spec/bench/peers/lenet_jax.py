"""Milliseconds of a gradient of LeNet-5 on 28 x 28 images in JAX: prints `grad <median> ms`."""
import statistics, sys, time
import jax, jax.numpy as jnp
from jax import lax

B = int(sys.argv[1])
shapes = [(5, 5, 1, 6), (6,), (5, 5, 6, 16), (16,), (400, 120), (120,), (120, 84), (84,), (84, 10), (10,)]
keys = jax.random.split(jax.random.PRNGKey(0), len(shapes))
params = [jax.random.normal(k, s) * 0.1 for k, s in zip(keys, shapes)]
X = jax.random.normal(keys[0], (B, 28, 28, 1))
Y = jax.random.randint(keys[1], (B,), 0, 10)


def convolved(x, w, b, padding):
    return jnp.tanh(lax.conv_general_dilated(x, w, (1, 1), padding, dimension_numbers=('NHWC', 'HWIO', 'NHWC')) + b)


def pooled(x):
    return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), 'VALID')


def loss(p):
    x = pooled(convolved(X, p[0], p[1], 'SAME'))
    x = pooled(convolved(x, p[2], p[3], 'VALID')).reshape(B, -1)
    x = jnp.tanh(x @ p[4] + p[5])
    x = jnp.tanh(x @ p[6] + p[7])
    return -jnp.mean(jnp.sum(jax.nn.log_softmax(x @ p[8] + p[9]) * jax.nn.one_hot(Y, 10), -1))


gradient = jax.jit(jax.value_and_grad(loss))
for _ in range(3):
    jax.block_until_ready(gradient(params))
times = []
for _ in range(20):
    begun = time.perf_counter()
    jax.block_until_ready(gradient(params))
    times.append((time.perf_counter() - begun) * 1e3)
print(f'grad {statistics.median(times):.2f} ms', flush=True)
