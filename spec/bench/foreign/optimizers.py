"""Optimizers of Python at the other end of a pipe: one JSON line a request, one an answer. See python.ts."""

import copy
import json
import sys

import numpy as np


def with_optax():
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import optax
    from optax import contrib

    makers = {
        "sgd": lambda o: optax.sgd(o["learningRate"]),
        "momentum": lambda o: optax.sgd(o["learningRate"], o["beta"]),
        "nesterov": lambda o: optax.sgd(o["learningRate"], o["beta"], nesterov=True),
        "adam": lambda o: optax.adam(o["learningRate"], o["beta1"], o["beta2"], o["epsilon"]),
        "adamw": lambda o: optax.adamw(o["learningRate"], o["beta1"], o["beta2"], o["epsilon"], weight_decay=o["weightDecay"]),
        "nadam": lambda o: optax.nadam(o["learningRate"], o["beta1"], o["beta2"], o["epsilon"]),
        "adamax": lambda o: optax.adamax(o["learningRate"], o["beta1"], o["beta2"], o["epsilon"]),
        "amsgrad": lambda o: optax.amsgrad(o["learningRate"], o["beta1"], o["beta2"], o["epsilon"]),
        "adabelief": lambda o: optax.adabelief(o["learningRate"], o["beta1"], o["beta2"], o["epsilon"], eps_root=o["epsilon"]),
        "yogi": lambda o: optax.yogi(o["learningRate"], o["beta1"], o["beta2"], o["epsilon"]),
        "radam": lambda o: optax.radam(o["learningRate"], o["beta1"], o["beta2"], o["epsilon"]),
        "lion": lambda o: optax.lion(o["learningRate"], o["beta1"], o["beta2"], weight_decay=o["weightDecay"]),
        "lamb": lambda o: optax.lamb(o["learningRate"], o["beta1"], o["beta2"], o["epsilon"], weight_decay=o["weightDecay"]),
        "adan": lambda o: optax.adan(
            o["learningRate"], o["beta1"], o["beta2"], o["beta3"], o["epsilon"], eps_root=0.0, weight_decay=0.0
        ),
        "adagrad": lambda o: optax.adagrad(o["learningRate"], o["initial"], o["epsilon"]),
        "adadelta": lambda o: optax.adadelta(o["learningRate"], o["rho"], o["epsilon"]),
        "rmsprop": lambda o: optax.rmsprop(o["learningRate"], o["beta"], o["epsilon"], eps_in_sqrt=o["epsilonPlace"] == "inside"),
        "rmspropCentered": lambda o: optax.rmsprop(o["learningRate"], o["beta"], o["epsilon"], centered=True),
        "signDescent": lambda o: optax.sign_sgd(o["learningRate"]),
        "rprop": lambda o: optax.rprop(o["learningRate"]),
        "sm3": lambda o: optax.sm3(o["learningRate"]),
        "novograd": lambda o: optax.novograd(o["learningRate"], o["beta1"], o["beta2"], o["epsilon"]),
        "fromage": lambda o: optax.fromage(o["learningRate"]),
        "adafactor": lambda o: optax.adafactor(o["learningRate"]),
        "optimistic": lambda o: optax.optimistic_gradient_descent(o["learningRate"]),
        "adopt": lambda o: contrib.adopt(o["learningRate"], o["beta1"], o["beta2"], o["epsilon"]),
        "prodigy": lambda o: contrib.prodigy(
            o["learningRate"], (o["beta1"], o["beta2"]), eps=o["epsilon"], estim_lr0=o["initial"]
        ),
        "scheduleFreeSgd": lambda o: contrib.schedule_free_sgd(o["learningRate"], b1=o["beta"], weight_decay=o["weightDecay"]),
        "ademamix": lambda o: contrib.ademamix(o["learningRate"], eps=o["epsilon"]),
        "cocob": lambda o: contrib.cocob(),
        "dog": lambda o: contrib.dog(o["learningRate"]),
        "dowg": lambda o: contrib.dowg(o["learningRate"]),
        "dadaptAdamw": lambda o: contrib.dadapt_adamw(o["learningRate"]),
        "muon": lambda o: contrib.muon(o["learningRate"]),
    }

    def init(make, options, x):
        transform = makers[make](options)
        return transform, transform.init([jnp.asarray(leaf) for leaf in x])

    def step(state, x, g):
        transform, inner = state
        x = [jnp.asarray(leaf) for leaf in x]
        g = [jnp.asarray(leaf) for leaf in g]
        updates, inner = transform.update(g, inner, x)
        after = optax.apply_updates(x, updates)
        return [np.asarray(leaf) for leaf in after], (transform, inner)

    return init, step, "optax " + optax.__version__


def with_torch():
    import torch

    optim = torch.optim
    makers = {
        "sgd": lambda p, o: optim.SGD(p, o["learningRate"]),
        "momentum": lambda p, o: optim.SGD(p, o["learningRate"], o["beta"]),
        "nesterov": lambda p, o: optim.SGD(p, o["learningRate"], o["beta"], nesterov=o["beta"] > 0),
        "adam": lambda p, o: optim.Adam(p, o["learningRate"], (o["beta1"], o["beta2"]), o["epsilon"]),
        "adamw": lambda p, o: optim.AdamW(p, o["learningRate"], (o["beta1"], o["beta2"]), o["epsilon"], o["weightDecay"]),
        "nadam": lambda p, o: optim.NAdam(p, o["learningRate"], (o["beta1"], o["beta2"]), o["epsilon"], momentum_decay=0),
        "adamax": lambda p, o: optim.Adamax(p, o["learningRate"], (o["beta1"], o["beta2"]), o["epsilon"]),
        "amsgrad": lambda p, o: optim.Adam(p, o["learningRate"], (o["beta1"], o["beta2"]), o["epsilon"], amsgrad=True),
        "radam": lambda p, o: optim.RAdam(p, o["learningRate"], (o["beta1"], o["beta2"]), o["epsilon"]),
        "adagrad": lambda p, o: optim.Adagrad(p, o["learningRate"], initial_accumulator_value=o["initial"], eps=o["epsilon"]),
        "adadelta": lambda p, o: optim.Adadelta(p, o["learningRate"], o["rho"], o["epsilon"]),
        "rmsprop": lambda p, o: optim.RMSprop(p, o["learningRate"], o["beta"], o["epsilon"]),
        "rmspropCentered": lambda p, o: optim.RMSprop(p, o["learningRate"], o["beta"], o["epsilon"], centered=True),
        "rprop": lambda p, o: optim.Rprop(p, o["learningRate"]),
        "asgd": lambda p, o: optim.ASGD(p, o["learningRate"]),
        "adafactor": lambda p, o: optim.Adafactor(p, o["learningRate"]),
    }

    def tensors(x, g=None):
        made = [torch.tensor(leaf, dtype=torch.float64, requires_grad=True) for leaf in x]
        if g is not None:
            for one, leaf in zip(made, g):
                one.grad = torch.tensor(leaf, dtype=torch.float64)
        return made

    def init(make, options, x):
        return make, options, makers[make](tensors(x), options).state_dict()

    def step(state, x, g):
        make, options, saved = state
        at = tensors(x, g)
        optimizer = makers[make](at, options)
        optimizer.load_state_dict(copy.deepcopy(saved))
        optimizer.step()
        after = [one.detach().numpy().copy() for one in at]
        return after, (make, options, copy.deepcopy(optimizer.state_dict()))

    return init, step, "torch " + torch.__version__


def with_pypi():
    """Packages of optimizers for torch: pytorch_optimizer and torch_optimizer."""
    import warnings
    from importlib.metadata import version

    warnings.filterwarnings("ignore")
    import pytorch_optimizer
    import torch
    import torch_optimizer

    def of(package, name, **more):
        """A maker that passes the options of ours on under the names that torch has for them."""

        def make(p, o):
            given = {key: value(o) if callable(value) else value for key, value in more.items()}
            return getattr(package, name)(p, lr=o["learningRate"], **given)

        return make

    betas = lambda o: (o["beta1"], o["beta2"])
    eps = lambda o: o["epsilon"]
    decay = lambda o: o["weightDecay"]
    one, other = pytorch_optimizer, torch_optimizer
    makers = {
        "AdaBelief": of(one, "AdaBelief", betas=betas, eps=eps, rectify=False, weight_decay=0.0),
        "AdamP without decay": of(one, "AdamP", betas=betas, eps=eps, weight_decay=0.0),
        "Adan": of(one, "Adan", betas=lambda o: (o["beta1"], o["beta2"], o["beta3"]), eps=eps, weight_decay=0.0),
        "ADOPT": of(one, "ADOPT", betas=betas, eps=eps, weight_decay=0.0),
        "Lion": of(one, "Lion", betas=betas, weight_decay=decay, weight_decouple=True),
        "Lamb": of(one, "Lamb", betas=betas, eps=eps, weight_decay=decay, rectify=False, pre_norm=False),
        "LARS": of(one, "LARS", momentum=lambda o: o["beta"], weight_decay=decay, trust_coefficient=lambda o: o["coefficient"]),
        "Prodigy": of(one, "Prodigy", betas=betas, eps=eps, d0=lambda o: o["initial"], weight_decay=0.0),
        "ScheduleFreeSGD": of(one, "ScheduleFreeSGD", momentum=lambda o: o["beta"], weight_decay=decay),
        "ScheduleFreeAdamW": of(one, "ScheduleFreeAdamW", betas=lambda o: (o["beta"], o["beta2"]), eps=eps, weight_decay=decay),
        "SignSGD": of(one, "SignSGD", momentum=0.0),
        "SOAP": of(one, "SOAP", betas=betas, eps=eps, weight_decay=0.0, precondition_frequency=1),
        "Shampoo": of(one, "Shampoo", matrix_eps=eps),
        "ScalableShampoo": of(one, "ScalableShampoo", start_preconditioning_step=1, preconditioning_compute_steps=1),
        "SRMM": of(one, "SRMM"),
        "FOCUS": of(one, "FOCUS"),
        "torch_optimizer AdaBelief": of(other, "AdaBelief", betas=betas, eps=eps, rectify=False, weight_decay=0.0),
        "torch_optimizer Lamb": of(other, "Lamb", betas=betas, eps=eps, weight_decay=decay, clamp_value=1e30, debias=True),
        "torch_optimizer Shampoo": of(other, "Shampoo", epsilon=eps),
        "torch_optimizer Yogi": of(other, "Yogi", betas=betas, eps=eps),
    }

    def copied(state):
        """Parameters and optimizer with all its attributes, of which torch's own copy keeps but some."""
        p, optimizer = state
        p, attributes = copy.deepcopy((p, vars(optimizer)))
        other = object.__new__(type(optimizer))
        other.__dict__.update(attributes)
        return p, other

    def init(make, options, x):
        p = [torch.nn.Parameter(torch.tensor(leaf, dtype=torch.float64)) for leaf in x]
        return p, makers[make](p, options)

    def step(state, x, g):
        p, optimizer = copied(state)
        for one, leaf, slope in zip(p, x, g):
            one.data = torch.tensor(leaf, dtype=torch.float64)
            one.grad = torch.tensor(slope, dtype=torch.float64)
        optimizer.step()
        return [one.detach().numpy().copy() for one in p], (p, optimizer)

    return init, step, "pytorch_optimizer " + version("pytorch_optimizer")


def numbers(leaf):
    return [v if np.isfinite(v) else str(v) for v in np.asarray(leaf, dtype=np.float64).ravel().tolist()]


def main(library, requests, answers):
    source, sink = open(requests), open(answers, "w")
    init, step, version = {"optax": with_optax, "torch": with_torch, "pypi": with_pypi}[library]()
    states = {}
    count = 0
    print(json.dumps({"version": version}), file=sink, flush=True)
    for line in source:
        asked = json.loads(line)
        try:
            leaves = lambda rows: [np.asarray(row, dtype=np.float64).reshape(shape) for row, shape in zip(rows, asked["shapes"])]
            answer = {}
            if asked["do"] == "forget":
                states.clear()
            elif asked["do"] == "init":
                count += 1
                states[count] = init(asked["make"], asked["options"], leaves(asked["x"]))
                answer["state"] = count
            else:
                after, state = step(states[asked["state"]], leaves(asked["x"]), leaves(asked["g"]))
                count += 1
                states[count] = state
                answer = {"state": count, "x": [numbers(leaf) for leaf in after]}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=sink, flush=True)


main(*sys.argv[1:4])
