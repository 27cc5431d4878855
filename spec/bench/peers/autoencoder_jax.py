"""kfac-jax on the MNIST deep autoencoder, a few steps at a time, so that it can be run by turns with others.

Usage: python autoencoder_jax.py FOLDER SEED, the folder that of train-images-idx3-ubyte. Says `ready`; then reads a number of
steps from each line of standard input, takes them, and answers with JSON: steps so far, seconds and seconds of processor
that these took, squared error of the first 10,000 images. Its functions are compiled within the first eleven steps.

Initial damping 0.1 and decay 0.9 are the best of six settings that were tried.
"""
import json, sys, time

import haiku as hk
import jax, jax.numpy as jnp, kfac_jax, numpy as np

folder, seed = sys.argv[1], int(sys.argv[2])
ridge, size = 1e-5, 1_000
images = np.fromfile(f'{folder}/train-images-idx3-ubyte', np.uint8, offset=16).reshape(-1, 784).astype('f4') / 255
widths = [1000, 500, 250, 30, 250, 500, 1000, 784]


def outputs(x):
    for i, width in enumerate(widths):
        x = hk.Linear(width)(x)
        if i not in (3, 7):
            x = jnp.tanh(x)
    return x


net = hk.without_apply_rng(hk.transform(outputs))


def loss(parameters, x):
    z = net.apply(parameters, x)
    kfac_jax.register_sigmoid_cross_entropy_loss(z, targets=x)
    entropy = jnp.maximum(z, 0) - z * x + jnp.log1p(jnp.exp(-jnp.abs(z)))
    return entropy.sum(-1).mean() + 0.5 * ridge * kfac_jax.utils.inner_product(parameters, parameters)


@jax.jit
def squared_error(parameters, x):
    return jnp.mean(jnp.sum((jax.nn.sigmoid(net.apply(parameters, x)) - x) ** 2, -1))


draws = np.random.default_rng(seed)
batch = lambda: jnp.asarray(images[draws.integers(0, len(images), size)])
endless = iter(batch, None)
key = jax.random.PRNGKey(seed)
parameters = net.init(key, images[:2])
optimizer = kfac_jax.Optimizer(
    jax.value_and_grad(loss),
    l2_reg=ridge,
    use_adaptive_learning_rate=True,
    use_adaptive_momentum=True,
    use_adaptive_damping=True,
    initial_damping=0.1,
    damping_adaptation_decay=0.9,
    min_damping=1e-5,
    inverse_update_period=5,
    num_burnin_steps=5,
    curvature_ema=0.95,
)
state = optimizer.init(parameters, key, batch())
first = jnp.asarray(images[:10_000])
done = 0
print('ready', flush=True)
for line in sys.stdin:
    seconds, processor = time.perf_counter(), time.process_time()
    for _ in range(int(line)):
        key, own = jax.random.split(key)
        parameters, state, _ = optimizer.step(parameters, state, own, data_iterator=endless, global_step_int=done)
        done += 1
    jax.block_until_ready(parameters)
    answer = {
        'steps': done,
        'seconds': time.perf_counter() - seconds,
        'processor': time.process_time() - processor,
        'error': float(squared_error(parameters, first)),
    }
    print(json.dumps(answer), flush=True)
