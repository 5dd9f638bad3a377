//! A variational autoencoder.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// Encodes an image as a normal distribution of `Z` numbers, samples from it with `noise`, and
    /// decodes the sample. Returns the logits of ink and the sample.
    pub Vae<const H: usize, const Z: usize>(image: [64], noise: [Z]) -> ([64], [Z]) {
        let encoder = Linear(H);
        let mean_head = Linear(Z);
        let log_var_head = Linear(Z);
        let decoder = Decoder::<H, Z>;
        let ink = 0.5 * image + 0.5;
        let h = image >> encoder >> Silu;
        let mu = h >> mean_head;
        let log_var = h >> log_var_head;
        let code = mu + exp(0.5 * log_var) * noise;
        (code >> decoder, code)
    }
    // minus the evidence lower bound, in nats per image
    loss |logits, code, mu, log_var| {
        let painting = 64 * bce_with_logits(logits, ink);
        let description = 0.5 * sum(exp(log_var) + square(mu) - 1.0 - log_var);
        painting + description
    }

    /// Decodes `Z` numbers into the logits of an image.
    pub Decoder<const H: usize, const Z: usize>(code: [Z]) -> [64] {
        let fc = Linear(H);
        let out = Linear(64);
        code >> fc >> Silu >> out
    }
}
// ANCHOR_END: network
