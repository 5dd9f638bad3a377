"""The inference rows in ONNX Runtime, inputs and outputs bound once."""

import protocol

chosen = protocol.options()

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(1)


def normal(*shape, scale=1.0):
    return random.standard_normal(shape, dtype=np.float32) * np.float32(scale)


def session(sizes, batch, activation):
    nodes, constants, last = [], [], "x"
    for i, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        is_last = i == len(sizes) - 2
        names = [f"weight{i}", f"bias{i}"]
        values = [normal(inputs, outputs, scale=inputs**-0.5), normal(outputs, scale=0.1)]
        constants += [numpy_helper.from_array(v, n) for v, n in zip(values, names)]
        output = "y" if is_last else f"linear{i}"
        nodes.append(helper.make_node("Gemm", [last, *names], [output]))
        if not is_last:
            nodes.append(helper.make_node(activation, [output], [f"active{i}"]))
        last = f"active{i}"
    port = lambda name, size: helper.make_tensor_value_info(name, TensorProto.FLOAT, [batch, size])
    graph = helper.make_graph(nodes, "net", [port("x", sizes[0])], [port("y", sizes[-1])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = chosen.threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def inference(sizes, batch, activation):
    run = session(sizes, batch, activation)
    value = onnxruntime.OrtValue.ortvalue_from_numpy
    x, y = value(normal(batch, sizes[0])), value(normal(batch, sizes[-1]))
    binding = run.io_binding()
    binding.bind_ortvalue_input("x", x)
    binding.bind_ortvalue_output("y", y)

    def call():
        run.run_with_iobinding(binding)
        return x, y

    return call


side = protocol.Side(f"ONNX Runtime {onnxruntime.__version__}", chosen)
side.infer("mlp-tiny-infer", lambda: inference([2, 32, 32, 1], 1, "Tanh"))
for batch in (1, 256):
    side.infer(f"mlp-infer-b{batch}", lambda: inference([784, 512, 256, 10], batch, "Gelu"))
