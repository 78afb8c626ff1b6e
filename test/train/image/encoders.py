"""Surrogate image encoders for attack generation: TAEF2 and TAESANA of madebyollin/taesd (MIT), in JAX."""

import pickle
import zipfile
from collections import OrderedDict

import jax
import jax.numpy as jnp
import numpy as np

DTYPES = {"FloatStorage": np.float32, "HalfStorage": np.float16}


def read_state(path):
    """The tensors of a PyTorch state dict by name; the pickle may name nothing but tensors."""
    with zipfile.ZipFile(path) as archive:
        root = next(name for name in archive.namelist() if name.endswith("/data.pkl"))[: -len("data.pkl")]

        def tensor(storage, offset, size, stride, *_):
            count = int(np.prod(size)) if size else 1
            return storage[offset : offset + count].reshape(size)

        class Reader(pickle.Unpickler):
            def find_class(self, module, name):
                if name == "_rebuild_tensor_v2":
                    return tensor
                if name in DTYPES:
                    return name
                if (module, name) == ("collections", "OrderedDict"):
                    return OrderedDict
                raise pickle.UnpicklingError(f"Expected tensors only but the file names {module}.{name}.")

            def persistent_load(self, key):
                return np.frombuffer(archive.read(f"{root}data/{key[2]}"), DTYPES[key[1]])

        return Reader(archive.open(f"{root}data.pkl")).load()


def conv(x, state, name, stride=1):
    weight = jnp.asarray(state[f"{name}.weight"], jnp.float32)
    pad = weight.shape[-1] // 2
    x = jax.lax.conv_general_dilated(
        x, weight, (stride, stride), [(pad, pad)] * 2, dimension_numbers=("NCHW", "OIHW", "NCHW")
    )
    bias = state.get(f"{name}.bias")
    return x if bias is None else x + jnp.asarray(bias, jnp.float32)[None, :, None, None]


def group_norm(x, state, name, groups=4):
    n, c, h, w = x.shape
    grouped = x.reshape(n, groups, -1)
    grouped = (grouped - grouped.mean(-1, keepdims=True)) / jnp.sqrt(grouped.var(-1, keepdims=True) + 1e-5)
    scale = jnp.asarray(state[f"{name}.weight"])[None, :, None, None]
    return grouped.reshape(n, c, h, w) * scale + jnp.asarray(state[f"{name}.bias"])[None, :, None, None]


def block(x, state, name):
    if f"{name}.pool.0.weight" in state:
        pooled = jax.nn.relu(group_norm(conv(x, state, f"{name}.pool.0"), state, f"{name}.pool.1"))
        x = x + conv(pooled, state, f"{name}.pool.3")
    y = jax.nn.relu(conv(x, state, f"{name}.conv.0"))
    y = conv(jax.nn.relu(conv(y, state, f"{name}.conv.2")), state, f"{name}.conv.4")
    skip = conv(x, state, f"{name}.skip") if f"{name}.skip.weight" in state else x
    return jax.nn.relu(y + skip)


def runner(state, strides, relus):
    """Layers in numbered order: convolutions, blocks, and bare ReLUs where the published layout has them."""
    last = max(int(name.split(".")[0]) for name in state)

    def encode(x):
        for k in range(last + 1):
            if k in relus:
                x = jax.nn.relu(x)
            elif f"{k}.weight" in state:
                x = conv(x, state, str(k), strides.get(k, 1))
            else:
                x = block(x, state, str(k))
        return x

    return encode


def taef2(path):
    return runner(read_state(path), {2: 2, 6: 2, 10: 2}, set())


def taesana(path):
    return runner(read_state(path), {0: 2, 2: 2, 5: 2, 9: 2, 13: 2}, {1, 3})
