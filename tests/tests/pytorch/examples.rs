//! Compares small versions of the networks of the examples with PyTorch with the same weights
//! (`vectors/examples.py`), and their streams with passes over the whole sequence.

#[path = "../../../examples/networks"]
mod networks {
    pub mod deep;
    pub mod gated;
    pub mod lenet;
    pub mod lstm;
    pub mod mixer;
    pub mod norm;
    pub mod resnet;
    pub mod transformer;
    pub mod vae;
}

use monograd::prelude::*;
use monograd_tests::expected::{compare, compare_steps};
use networks::deep::Residual;
use networks::gated::{GatedReader, PlainReader};
use networks::lenet::LeNet;
use networks::lstm::Writer;
use networks::mixer::Mixer;
use networks::resnet::ResNet;
use networks::transformer::Transformer;
use networks::vae::Vae;
use safetensors::SafeTensors;

macro_rules! parity {
    ($($test:ident $Net:ident<$($size:literal),+>)*) => {$(
        #[test]
        fn $test() {
            let name = stringify!($Net).to_lowercase();
            let net = $Net::<$($size),+>::init(0);
            compare::<$Net<$($size),+>>(&format!("examples/{name}"), net);
        }
    )*};
}
parity! {
    lstm Writer<7, 3, 4>
    transformer Transformer<7, 4, 2, 2, 6>
    mixer Mixer<4, 3, 2>
    gated_feed_forward GatedReader<3, 4>
    plain_feed_forward PlainReader<3, 6>
    variational_autoencoder Vae<4, 2>
    hundred_layers Residual<100, 2>
}

/// Twenty steps on the digits, each with another batch.
#[test]
fn lenet_learns_as_in_pytorch() {
    compare_steps::<LeNet<8, 3>>("steps/lenet", LeNet::<8, 3>::init(0));
}

#[test]
fn resnet_learns_as_in_pytorch() {
    compare_steps::<ResNet<8, 2>>("steps/resnet", ResNet::<8, 2>::init(0));
}

/// A network saves the tensors that PyTorch saves of the same network, so that either loads strictly.
#[test]
fn a_state_dict_with_batch_statistics_goes_both_ways() {
    let path = format!("{}/vectors/steps/resnet.safetensors", env!("CARGO_MANIFEST_DIR"));
    let net = ResNet::<8, 2>::load(&path).unwrap();
    let folder = std::env::temp_dir().join(format!("monograd-resnet-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    net.save(folder.join("saved.safetensors")).unwrap();
    let (theirs, ours) =
        (std::fs::read(path).unwrap(), std::fs::read(folder.join("saved.safetensors")).unwrap());
    std::fs::remove_dir_all(folder).unwrap();
    let (theirs, ours) =
        (SafeTensors::deserialize(&theirs).unwrap(), SafeTensors::deserialize(&ours).unwrap());
    let mut names = theirs.names();
    names.sort_unstable();
    let mut own = ours.names();
    own.sort_unstable();
    assert_eq!(names, own);
    assert!(names.iter().any(|name| name.ends_with("num_batches_tracked")));
    for name in names {
        let (theirs, ours) = (theirs.tensor(name).unwrap(), ours.tensor(name).unwrap());
        assert_eq!((theirs.dtype(), theirs.shape()), (ours.dtype(), ours.shape()), "{name}");
        assert_eq!(theirs.data(), ours.data(), "{name}");
    }
}

/// Checks twice that a stream computes the same as a pass over the whole sequence.
fn streams<T, N>(net: &N, classes: u32, longest: usize)
where
    T: Scalar,
    N: Streaming + for<'a> Network<Scalar = T, Output = Tensor<T>, Inputs<'a> = (&'a [u32],)>,
{
    let mut stream = net.stream();
    for len in [1, 2, longest - 1, longest] {
        let text: Vec<u32> = (0..len as u32).map(|i| (i * i + len as u32) % classes).collect();
        let whole = net.forward(&text).unwrap();
        stream.reset();
        for (t, (character, expected)) in
            text.iter().zip(whole.as_slice().chunks(classes as usize)).enumerate()
        {
            let step = stream.step(&[*character]);
            assert_eq!(step.len(), expected.len());
            for (a, b) in step.iter().zip(expected) {
                let error = (a.to_f64() - b.to_f64()).abs();
                assert!(error <= 1e-6, "step {t} of {len} gives {a}, the whole {b}");
            }
        }
    }
}

#[test]
fn streams_give_the_whole_sequence() {
    let lstm = Writer::<7, 8, 33>::init(1);
    streams(&lstm, 7, 50);
    streams(&lstm.cast::<f64>(), 7, 50);
    let transformer = Transformer::<7, 32, 4, 3, 24>::init(1);
    streams(&transformer, 7, 24);
    streams(&transformer.cast::<f64>(), 7, 24);
}
