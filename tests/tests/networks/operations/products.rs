//! Matrix products of vectors and matrices, with leading axes that broadcast, and with operands and
//! results in any order of axes.

use monograd_tests::gradients;

gradients! {
    matrices {
        (x: [3, 7]) -> [3, 3] { let h = x >> Linear(7); matmul(h, transpose(x)) } loss { mse }
        (x: [7, 3]) -> [5, 5] { let h = x >> Linear(5); matmul(transpose(h), tanh(h)) } loss { mse }
        (x: [3, 17], y: [17, 5]) -> [3, 5] { matmul(x, y >> Linear(5)) + matmul(x >> Linear(17), y) } loss { mse }
    }
    vectors {
        (x: [7], y: [7, 5]) -> [5] { matmul(x >> Linear(7), y) } loss { mse }
        (x: [5, 7]) -> [5] { let h = x >> Linear(7); matmul(h, h[1]) } loss { mse }
        (x: [17]) -> [] { let h = x >> Linear(17); matmul(h, tanh(h)) } loss { mse }
        (x: [7, 5]) -> [5] { let h = x >> Linear(5); matmul(h[.., 0], h) } loss { mse }
    }
    leading_axes {
        (x: [2, 3, 5]) -> [2, 3, 3] { let h = x >> Linear(7); matmul(h, transpose(h)) } loss { mse }
        (x: [2, 3, 5]) -> [2, 5, 3] { let h = x >> Linear(5); matmul(transpose(h), tanh(h)[.., .., 0..3]) } loss { mse }
        (x: [2, 3, 5]) -> [2, 3, 7] { let h = x >> Linear(5); let w = x[0, 0] >> Linear(35); matmul(h, reshape(w, [5, 7])) } loss { mse }
        (x: [1, 3, 5], y: [4, 1, 5, 3]) -> [4, 2, 3, 3] { let h = x >> Linear(5); let k = y >> Linear(3); matmul(stack(h[0], tanh(h[0])), k) } loss { mse }
    }
    attention_by_hand {
        (x: [7, 6]) -> [7, 6] {
            let q = permute(reshape(x >> Linear(6), [7, 2, 3]), [1, 0, 2]);
            let k = permute(reshape(x >> Linear(6, bias = false), [7, 2, 3]), [1, 0, 2]);
            let v = permute(reshape(x >> Linear(6), [7, 2, 3]), [1, 0, 2]);
            let scores = mask_future(matmul(q, transpose(k)) * 0.6 + tril(matmul(q, transpose(v))));
            let y = matmul(softmax(scores), v);
            reshape(permute(y, [1, 0, 2]), [7, 6]) >> Linear(6)
        } loss { mse }
    }
    orders_of_axes {
        (x: [3, 5, 7]) -> [7, 3, 5] { let h = x >> Linear(7); permute(tanh(h), [2, 0, 1]) } loss { mse }
        (x: [3, 5, 7]) -> [5, 3, 7] { let h = tanh(x >> Linear(7)); transpose(h, 0, 1) * transpose(transpose(transpose(h)), 1, 0) } loss { mse }
        (x: [3, 5, 4]) -> [5, 3, 3] { let h = permute(x >> Linear(4), [1, 2, 0]); matmul(transpose(h), h) } loss { mse }
        (x: [3, 5, 4]) -> [3, 4, 5] { let h = permute(x >> Linear(4), [1, 2, 0]); permute(matmul(h, sin(x[.., 0, 0..3])), [2, 1, 0]) } loss { mse }
        (x: [3, 5, 4]) -> [5, 4] { let h = x >> Linear(4); let k = permute(h, [1, 2, 0]); matmul(k, tanh(x[.., 0, 0])) } loss { mse }
    }
}
