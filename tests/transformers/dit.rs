//! The diffusion transformer over the points of a drawing.

use candle_core::{Device, Tensor};
use denoodle::config::{DitSettings, ModelSettings, load};
use denoodle::model::dit::{Batch, Dit};
use denoodle::model::ops;
use denoodle::model::weights::{Parameter, fresh};

use crate::common::network::{alone, check, numbers, random, shake};

const TINY: DitSettings = DitSettings { width: 16, layers: 2, heads: 2 };

fn network(sizes: &DitSettings, given: bool) -> (Dit, Vec<Parameter>) {
    let mut parameters = Vec::new();
    let network = Dit::new(sizes, 20, given, 3, &mut fresh(1, &Device::Cpu, &mut parameters)).expect("a network");
    (network, parameters)
}

/// Three drawings of 5, 2 and 7 points.
fn batch() -> Batch {
    let ends = vec![5, 7, 14];
    let first = |i: usize| i == 0 || ends.contains(&i);
    let column = |is: &dyn Fn(usize) -> bool| Tensor::from_vec((0..14).map(|i| f32::from(is(i))).collect(), (14, 1), &Device::Cpu);
    let pen = (0..14).flat_map(|i| [0, 1, 2].map(|pen| f32::from(pen == i % 3))).collect();
    Batch {
        x: random(&[14, 2], 1),
        noise_target: random(&[14, 2], 2),
        moved: column(&|i| !first(i)).expect("a column"),
        lifted: column(&|i| !first(i) && i % 3 == 2).expect("a column"),
        pen: Tensor::from_vec(pen, (14, 3), &Device::Cpu).expect("rows"),
        timesteps: vec![3.0, 500.0, 990.0],
        classes: vec![0, 3, 2],
        ends,
    }
}

#[test]
fn the_small_presets_are_small() {
    for name in ["dit_small", "dit_pen_small"] {
        let (ModelSettings::Dit(sizes) | ModelSettings::DitPen(sizes)) = load(name).expect("built in").model else { panic!("{name}") };
        let (_, parameters) = network(&sizes, name == "dit_pen_small");
        let count: usize = parameters.iter().map(|parameter| parameter.var.elem_count()).sum();
        println!("{name}: {count} weights");
        assert!((500_000..900_000).contains(&count), "{name}: {count} weights");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |sizes: DitSettings| Dit::new(&sizes, 20, false, 3, &mut fresh(1, &Device::Cpu, &mut Vec::new())).is_err();
    assert!(!refused(TINY));
    assert!(refused(DitSettings { width: 18, ..TINY }), "no multiple of 4");
    assert!(
        refused(DitSettings { heads: 3, ..TINY })
            && refused(DitSettings { heads: 0, ..TINY })
            && refused(DitSettings { layers: 0, ..TINY })
    );
    let Batch { x, pen, ends, timesteps, classes, .. } = batch();
    for given in [false, true] {
        let (network, _) = network(&TINY, given);
        let said = |x: &Tensor, ends: &[usize], classes: &[u32]| network.forward(x, given.then_some(&pen), ends, &timesteps, classes);
        assert!(said(&x, &ends, &classes).is_ok());
        assert!(said(&x, &ends, &[0, 4, 2]).is_err(), "there is no fourth class");
        assert!(said(&x, &ends, &[0, 1]).is_err(), "two classes for three drawings");
        assert!(said(&x, &[5, 7, 13], &classes).is_err() && said(&x, &[5, 14], &classes).is_err());
        assert!(network.forward(&x, (!given).then_some(&pen), &ends, &timesteps, &classes).is_err(), "told: {given}");
    }
    let long = network(&TINY, false).0.forward(&random(&[21, 2], 0), None, &[21], &[5.0], &[0]);
    assert!(long.is_err_and(|error| error.to_string().contains("at most 20")));
}

#[test]
fn every_weight_gets_its_gradient_whether_fused_or_plain() {
    let _alone = alone();
    for given in [false, true] {
        let (network, parameters) = network(&TINY, given);
        shake(&parameters);
        let batch = batch();
        let loss = || {
            let [noise, side] = network.losses(&batch)?;
            // What is said of lifted movements alone is for people: it has no gradient.
            Ok(if given { noise } else { (noise + side)? })
        };
        check(&loss, &ops::use_plain, &parameters);
    }
}

#[test]
fn a_drawing_is_seen_alone_whatever_lies_beside_it() {
    let _alone = alone();
    let (network, parameters) = network(&TINY, false);
    shake(&parameters);
    let Batch { x, ends, timesteps, classes, .. } = batch();
    let (noise, pen) = network.forward(&x, None, &ends, &timesteps, &classes).expect("an answer");
    for (i, (start, end)) in [(0, 5), (5, 7), (7, 14)].into_iter().enumerate() {
        let own = x.narrow(0, start, end - start).expect("a drawing");
        let (one_noise, one_pen) = network.forward(&own, None, &[end - start], &timesteps[i..=i], &classes[i..=i]).expect("alone");
        let pen = pen.as_ref().expect("said");
        for (all, one) in [(&noise, &one_noise), (pen, one_pen.as_ref().expect("said"))] {
            let all = numbers(&all.narrow(0, start, end - start).expect("the same drawing"));
            let off = all.iter().zip(numbers(one)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(off < 1e-5, "drawing {i}: {off}");
        }
    }
    // A point is told how many points there are: the same ones with another behind them look different.
    let longer = network.forward(&x.narrow(0, 0, 6).expect("six"), None, &[6], &timesteps[..1], &classes[..1]).expect("an answer").0;
    let differ = numbers(&longer).iter().zip(numbers(&noise)).take(10).any(|(a, b)| (a - b).abs() > 1e-4);
    assert!(differ);
}

#[test]
fn the_noise_at_first_points_is_nobody_s_business() {
    let _alone = alone();
    for given in [false, true] {
        let (network, _) = network(&TINY, given);
        let batch = batch();
        let sums = |batch: &Batch| network.losses(batch).expect("losses").map(|sum| numbers(&sum)[0]);
        let first = (1.0 - &batch.moved).expect("first points");
        let far = batch.noise_target.broadcast_add(&(first * 7.0).expect("far")).expect("other noise");
        assert_eq!(sums(&batch), sums(&Batch { noise_target: far, ..batch.clone() }));
        let all = batch.noise_target.affine(1.0, 1.0).expect("other noise");
        assert_ne!(sums(&batch)[0], sums(&Batch { noise_target: all, ..batch })[0]);
    }
}
