use super::*;
use std::sync::Arc;

#[test]
fn an_epoch_has_every_sample_once() {
    let data = numbered();
    let mut plain = data.batches(6);
    assert_eq!(plain.count(), 4);
    let in_order = order(plain.epoch(0).unwrap());
    assert_eq!(in_order.concat(), (0..20).collect::<Vec<_>>());
    assert_eq!(in_order.iter().map(Vec::len).collect::<Vec<_>>(), [6, 6, 6, 2]);

    let mut mixed = data.batches(6).shuffle(1);
    let first = order(mixed.epoch(0).unwrap());
    let mut sorted = first.concat();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..20).collect::<Vec<_>>());
    assert_ne!(first, in_order);
    assert_ne!(first, order(mixed.epoch(1).unwrap()));
    assert_eq!(first, order(mixed.epoch(0).unwrap()));
    assert_ne!(first, order(data.batches(6).shuffle(2).epoch(0).unwrap()));
    assert_eq!(first[2..], order(mixed.epoch(0).unwrap().skip(2)));

    let mut dropped = data.batches(6).shuffle(1).drop_last();
    assert_eq!(order(dropped.epoch(0).unwrap()), first[..3]);
    assert_eq!(dropped.count(), 3);
    assert_eq!(order(data.batches(100).epoch(0).unwrap()).len(), 1);
}

#[test]
fn memory_of_batches_is_used_again() {
    let mut loader = numbered().batches(5).shuffle(1);
    let mut places = std::collections::BTreeSet::new();
    for batch in loader.epoch(0).unwrap().chain([]) {
        places.insert(batch.unwrap().0.as_slice().as_ptr() as usize);
    }
    assert_eq!(places.len(), 1);
    // but not while somebody holds it
    let all: Vec<_> = loader.epoch(0).unwrap().map(Result::unwrap).collect();
    let distinct: std::collections::BTreeSet<_> = all.iter().map(Arc::as_ptr).collect();
    assert_eq!(distinct.len(), 4);
}

#[test]
fn changes_depend_on_seed_epoch_and_batch() {
    let data = Dataset::new(Tensor::<f32>::zeros([8, 1, 4, 4]), vec![0_u32; 8]).unwrap();
    let mut noisy = data.batches(4).augment(Augment::new(7).noise(1.0));
    let epoch = |loader: &mut Loader<Tensor, Vec<u32>>, epoch| -> Vec<Vec<f32>> {
        loader.epoch(epoch).unwrap().map(|batch| batch.unwrap().0.as_slice().to_vec()).collect()
    };
    let first = epoch(&mut noisy, 0);
    assert_ne!(first[0], first[1]);
    assert_ne!(first, epoch(&mut noisy, 1));
    assert_eq!(first, epoch(&mut noisy, 0));
    assert_eq!(noisy.epoch(0).unwrap().nth(1).unwrap().unwrap().0.as_slice(), first[1]);
    let mut doubled = data.batches(8).map(0, |_, y, _| y.iter_mut().for_each(|y| *y += 1));
    assert_eq!(doubled.epoch(0).unwrap().next().unwrap().unwrap().1, [1; 8]);
    assert_eq!(data.targets(), &[0; 8]);
}

#[test]
fn parts_of_several_kinds() {
    let pair = (vec![[1.0_f32, 2.0]; 6], Tensor::from([1_u32; 6]));
    let data = Dataset::new(pair, ()).unwrap();
    let mut loader = data.batches(4);
    let sizes: Vec<usize> = loader.epoch(0).unwrap().map(|b| b.unwrap().0.0.len()).collect();
    assert_eq!(sizes, [4, 2]);
    let odd = Dataset::new((vec![0.0_f32; 3], vec![0.0_f32; 4]), ()).unwrap_err();
    assert_eq!(odd.to_string(), "3 samples, but 4 beside them");
    assert_eq!(
        Dataset::new(vec![0.0_f32; 3], vec![0_u32; 2]).unwrap_err().to_string(),
        "3 samples, but 2 beside them"
    );
    assert_eq!(Dataset::new(vec![0.0_f32; 0], ()).unwrap_err().to_string(), "there are no samples");
    assert_eq!(Dataset::new((), ()).unwrap_err().to_string(), "there are no samples");
    assert!(numbered().select(&[20]).unwrap_err().to_string().starts_with("there is no sample 20"));
    assert!(numbered().select(&[]).is_err());
    assert!(numbered().batches(0).epoch(0).is_err());
    assert!(
        numbered()
            .batches(21)
            .drop_last()
            .epoch(0)
            .unwrap_err()
            .to_string()
            .contains("there is no batch")
    );
    let data = numbered().map(|x, y| (x, y.iter().map(|y| y % 2).collect::<Vec<_>>())).unwrap();
    assert_eq!(data.class_weights(2).unwrap(), [1.0, 1.0]);
    let [a, b] = data.split_stratified([0.5, 0.5], 1).unwrap();
    assert_eq!((a.targets().iter().sum::<u32>(), b.len()), (5, 10));
}

#[test]
fn scalers_scale_and_are_saved() {
    let x = Tensor::from([[1.0, 5.0, 1e9], [2.0, 5.0, 1e9 + 1.0], [6.0, 5.0, 1e9 + 2.0]]);
    let scaler = Scaler::standardize(&x).unwrap();
    let scaled = scaler.applied(&x).unwrap();
    for column in 0..3 {
        let values: Vec<f64> = scaled.rows().map(|row| row[column]).collect();
        let mean = values.iter().sum::<f64>() / 3.0;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 3.0;
        let expected = if column == 1 { 0.0 } else { 1.0 };
        assert!(mean.abs() < 1e-12 && (variance - expected).abs() < 1e-12, "{column}: {values:?}");
    }
    let mut back = scaled;
    scaler.invert(&mut back).unwrap();
    assert!(back.iter().zip(x.iter()).all(|(a, b)| (a - b).abs() <= 1e-6));
    let unit = Scaler::min_max(&x).unwrap().applied(&x).unwrap();
    assert_eq!(unit, Tensor::from([[0.0, 0.0, 0.0], [0.2, 0.0, 0.5], [1.0, 0.0, 1.0]]));

    let folder = std::env::temp_dir().join(format!("monograd-scaler-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("scaler.safetensors");
    scaler.save(&path).unwrap();
    assert_eq!(Scaler::load(&path).unwrap(), scaler);
    let net = Scores::init(1);
    net.save_with(&path, scaler.metadata()).unwrap();
    assert_eq!(Scaler::load(&path).unwrap(), scaler);
    net.save(&path).unwrap();
    assert!(Scaler::load(&path).unwrap_err().to_string().contains("has no `monograd.scaler`"));
    std::fs::remove_dir_all(&folder).unwrap();

    let mut wrong = Tensor::from([[1.0_f32, 2.0]]);
    assert_eq!(
        scaler.apply(&mut wrong).unwrap_err().to_string(),
        "2 columns, but the scaler was fitted on 3"
    );
    assert!(Scaler::standardize(&Tensor::from([f32::NAN])).is_err());
    assert!(Scaler::min_max(&Tensor::<f32>::zeros([0, 3])).is_err());
}
