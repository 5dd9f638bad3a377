//! Checks that training allocates nothing after the first step, and inference in a workspace nothing
//! at all.

use monograd::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the allocations of all threads.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(at, layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Serialises the tests, since the count is that of the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// Returns the number of allocations while `f` runs: the smallest of several runs, because rayon's
/// queues and the threads of the test occasionally allocate a block.
fn allocations(mut f: impl FnMut()) -> usize {
    let mut once = || {
        let before = ALLOCATIONS.load(Ordering::SeqCst);
        f();
        ALLOCATIONS.load(Ordering::SeqCst) - before
    };
    (0..3).map(|_| once()).min().unwrap()
}

mod elsewhere {
    use monograd::prelude::*;

    network! {
        pub Hidden(x: [96]) -> [96] { x >> Linear(96) >> Dropout(0.1) }
    }
}

network! {
    Net(x: [64]) -> [10] {
        let h = x >> Linear(96) >> Gelu >> Dropout(0.1);
        let h = h + (h >> Linear(96) >> Silu);
        h + (h >> elsewhere::Hidden()) >> Linear(10)
    }
    loss cross_entropy(label_smoothing = 0.1)
}

/// A number of samples that is enough for several threads and tiles.
const BATCH: usize = 400;

fn data() -> (Vec<f32>, Vec<u32>) {
    let x = (0..64 * BATCH).map(|i| (i % 23) as f32 / 23.0 - 0.5).collect();
    (x, (0..BATCH as u32).map(|i| i % 10).collect())
}

fn train(optimizer: &mut impl Optimizer<f32>) -> usize {
    let (x, labels) = data();
    let mut net = Net::init(1);
    net.train_step(&x, &labels, optimizer).unwrap();
    // smaller batches too
    let sizes = [BATCH, 1, 33, BATCH - 7];
    allocations(|| {
        for samples in sizes {
            net.train_step(&x[..64 * samples], &labels[..samples], optimizer).unwrap();
        }
    })
}

fn infer() -> usize {
    let (x, _) = data();
    let net = Net::init(1);
    let mut workspace = net.workspace(BATCH);
    net.forward_into(&x, &mut workspace).unwrap();
    allocations(|| {
        for samples in [BATCH, 1, 17] {
            let y = net.forward_into(&x[..64 * samples], &mut workspace).unwrap();
            assert_eq!(y.len(), 10 * samples);
        }
    })
}

fn on_threads(threads: usize, f: impl FnOnce() -> usize + Send) -> usize {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(f)
}

#[test]
fn training_allocates_nothing_after_the_first_step() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    for threads in [1, 2, 3] {
        let count = |f: &(dyn Fn() -> usize + Sync)| on_threads(threads, f);
        assert_eq!(count(&|| train(&mut AdamW::new(1e-3).clip_norm(1.0))), 0, "{threads} threads");
        assert_eq!(count(&|| train(&mut Sgd::new(1e-2).momentum(0.9))), 0, "{threads} threads");
        assert_eq!(count(&|| train(&mut RmsProp::new(1e-3))), 0, "{threads} threads");
    }
}

#[test]
fn inference_in_a_workspace_allocates_nothing() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    for threads in [1, 2, 3] {
        assert_eq!(on_threads(threads, infer), 0, "{threads} threads");
    }
}

network! {
    Tokens(x: [dyn T, 12]) -> [T, 5] {
        let h = x >> Linear(24) >> Gelu >> Dropout(0.1);
        h + mean(h) >> Linear(5)
    }
    loss cross_entropy
}

/// Batch sizes and sequence lengths, none larger than the first in either.
const SHAPES: [(usize, usize); 7] =
    [(40, 33), (1, 33), (40, 1), (7, 20), (39, 32), (13, 33), (40, 31)];

fn tokens(samples: usize, len: usize) -> (Tensor<f32>, Tensor<u32>) {
    let x = Tensor::from_fn([samples, len, 12], |i| (i % 23) as f32 / 23.0 - 0.5);
    (x, Tensor::from_fn([samples, len], |i| i as u32 % 5))
}

fn train_at_lengths() -> usize {
    let mut net = Tokens::init(1);
    let mut optimizer = AdamW::new(1e-3);
    let batches = SHAPES.map(|(samples, len)| tokens(samples, len));
    net.train_step(&batches[0].0, &batches[0].1, &mut optimizer).unwrap();
    allocations(|| {
        for (x, labels) in &batches {
            net.train_step(x, labels, &mut optimizer).unwrap();
        }
    })
}

fn infer_at_lengths() -> usize {
    let net = Tokens::init(1);
    let batches = SHAPES.map(|(samples, len)| tokens(samples, len));
    let (samples, len) = SHAPES[0];
    let mut workspace = net.workspace_for(samples, &[len]).unwrap();
    net.forward_into(&batches[0].0, &mut workspace).unwrap();
    allocations(|| {
        for (x, labels) in &batches {
            let y = net.forward_into(x, &mut workspace).unwrap();
            assert_eq!(y.len(), 5 * labels.len());
        }
    })
}

#[test]
fn other_lengths_allocate_nothing() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    for threads in [1, 2, 3] {
        assert_eq!(on_threads(threads, train_at_lengths), 0, "{threads} threads");
        assert_eq!(on_threads(threads, infer_at_lengths), 0, "{threads} threads");
    }
}

#[path = "../../examples/networks"]
mod networks {
    pub mod amp;
    pub mod vad;
}

/// Returns the number of allocations of a stream after its first block.
fn stream<N>(net: &N) -> usize
where
    N: Streaming + for<'a> Network<Scalar = f32, Inputs<'a> = (&'a [f32],)>,
{
    let step = N::STEP_INPUTS[0].len();
    let x: Vec<f32> = (0..64 * step).map(|i| (i % 23) as f32 / 23.0 - 0.5).collect();
    let mut stream = net.stream();
    stream.extend(&x);
    allocations(|| {
        for steps in [1, 13, 64, 2] {
            stream.step(&x[..step]);
            stream.extend(&x[..steps * step]);
        }
    })
}

#[test]
fn streams_allocate_nothing_after_the_first_block() {
    use networks::amp::{GatedWaveNet, OneLstm, TwoLstms, WaveNet};
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    assert_eq!(stream(&networks::vad::Vad::<4, 3>::init(1)), 0);
    assert_eq!(stream(&WaveNet::<Tanh, 3, 2, 2, 3>::init(1)), 0);
    assert_eq!(stream(&GatedWaveNet::<Tanh, 3, 2, 2, 3>::init(1)), 0);
    assert_eq!(stream(&OneLstm::<3>::init(1)), 0);
    assert_eq!(stream(&TwoLstms::<3>::init(1)), 0);
}

/// Checks that allocations are counted.
#[test]
fn gradients_allocate() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let ((x, labels), net) = (data(), Net::init(1));
    assert!(allocations(|| drop(net.gradients(&x, &labels).unwrap())) > 0);
}

network! {
    Causal(x: [dyn T <= 400, 12]) -> ([T, 5], [12]) {
        let q = x >> Linear(12);
        let k = x >> Linear(12);
        let h = matmul(softmax(mask_future(matmul(q, transpose(k)))), x) >> Gru(12);
        let mut s = zeros([12]);
        for e in h { s = 0.5 * s + e; }
        (h + pad(h, [(3, 0), (0, 0)])[..T] >> Linear(5), s)
    }
    Signal(x: [3, dyn T]) -> [2, T] {
        let mut h = x;
        for i in 0..3 { h = h >> Conv1d(3, 3, dilation = pow(2, i), padding = causal) >> Tanh; }
        h >> Conv1d(2, 1)
    }
}

/// Steps, and calls that take several, allocate nothing after a first call of that size.
#[test]
fn streams_allocate_nothing_after_the_first_call() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let (causal, signal) = (Causal::init(1), Signal::init(1));
    let x = Tensor::from_fn([300, 12], |i| (i % 23) as f32 / 23.0 - 0.5);
    let y = Tensor::from_fn([3, 300], |i| (i % 23) as f32 / 23.0 - 0.5);
    let short = Tensor::from_fn([3, 17], |i| (i % 23) as f32 / 23.0 - 0.5);
    let (mut stream, mut signals) = (causal.stream(), signal.stream());
    let mut run = || {
        stream.reset();
        signals.reset();
        stream.step(&x.as_slice()[..12]);
        stream.extend(&x);
        stream.extend(&x.as_slice()[..12 * 33]);
        stream.prefill(&x.as_slice()[..12 * 17]);
        signals.extend(&y);
        signals.step(&short.as_slice()[..3]);
        signals.prefill(&short);
        signals.extend(&short);
    };
    run();
    assert_eq!(allocations(run), 0);
}
