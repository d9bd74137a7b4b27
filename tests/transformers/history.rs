//! The diffusion transformer that draws stroke by stroke.

use candle_core::{Device, Tensor};
use denoodle::config::{HistoryDitSettings, ModelSettings, load};
use denoodle::model::history_dit::{Batch, History, HistoryDit, ROW, rows};
use denoodle::model::ops;
use denoodle::model::weights::{Parameter, fresh};

use crate::common::network::{alone, check, numbers, random, shake};

const TINY: HistoryDitSettings = HistoryDitSettings { width: 16, layers: 2, heads: 2, reader: 6, stroke_points: 4, max_strokes: 3 };

fn network(sizes: &HistoryDitSettings) -> (HistoryDit, Vec<Parameter>) {
    let mut parameters = Vec::new();
    let network = HistoryDit::new(sizes, 3, &mut fresh(1, &Device::Cpu, &mut parameters)).expect("a network");
    (network, parameters)
}

/// A drawing of three strokes and one of a single stroke.
fn batch() -> Batch {
    let lengths = [3usize, 1, 4, 2];
    let ends = lengths.iter().scan(0, |at, n| {
        *at += n;
        Some(*at)
    });
    let counts: Vec<f32> = [3, 1, 4, 0, 2, 0].iter().flat_map(|&n| (0..5).map(move |i| f32::from(i == n))).collect();
    let moved: Vec<f32> = (0..10).map(|i| f32::from(i != 0 && i != 8)).collect();
    Batch {
        history: History { points: random(&[10, ROW], 1), ends: ends.collect(), lengths: vec![3, 1], noise: vec![0.3, 0.1] },
        x: random(&[10, 2], 2),
        noise_target: random(&[10, 2], 3),
        moved: Tensor::from_vec(moved, (10, 1), &Device::Cpu).expect("a column"),
        pens: random(&[4, 2], 4),
        timesteps: vec![3.0, 400.0, 700.0, 990.0],
        classes: vec![0, 0, 3, 2],
        counts: Tensor::from_vec(counts, (6, 5), &Device::Cpu).expect("rows"),
        drawn: vec![0, 2],
    }
}

/// What is said of the noise of each stroke, and of each next stroke's number of points.
fn said(network: &HistoryDit, batch: &Batch) -> (Vec<f32>, Vec<Vec<f32>>) {
    let Batch { history, x, pens, timesteps, classes, .. } = batch;
    let memory =
        network.memory(&network.read(&history.points, &history.ends).expect("read"), &history.lengths, &history.noise).expect("a memory");
    let told = network.told(&memory, vec![0..1, 0..2, 0..3, 4..5], pens).expect("told");
    let counts = network.counts(&memory, &[0..1, 0..2, 0..3, 0..4, 4..5, 4..6], &[0, 0, 0, 0, 2, 2]).expect("counts");
    (numbers(&network.forward(x, &history.ends, &told, timesteps, classes).expect("noise")), counts.to_vec2().expect("rows"))
}

#[test]
fn the_small_preset_is_small() {
    let ModelSettings::HistoryDit(sizes) = load("history_dit_small").expect("built in").model else { panic!("another system") };
    let count: usize = network(&sizes).1.iter().map(|parameter| parameter.var.elem_count()).sum();
    println!("{count} weights");
    assert!((500_000..1_200_000).contains(&count), "{count} weights");
}

#[test]
fn every_weight_gets_its_gradient_whether_fused_or_plain() {
    let _alone = alone();
    let (network, parameters) = network(&TINY);
    shake(&parameters);
    let batch = batch();
    let loss = || {
        let [noise, pen] = network.losses(&batch)?;
        Ok((noise + pen)?)
    };
    check(&loss, &ops::use_plain, &parameters);
}

#[test]
fn a_stroke_sees_those_before_it_and_no_other() {
    let _alone = alone();
    let (network, parameters) = network(&TINY);
    shake(&parameters);
    let batch = batch();
    let (noise, counts) = said(&network, &batch);
    // The third stroke of the first drawing, as it is read.
    let other = Tensor::cat(
        &[
            &batch.history.points.narrow(0, 0, 4).expect("two strokes"),
            &random(&[4, ROW], 9),
            &batch.history.points.narrow(0, 8, 2).expect("the other drawing"),
        ],
        0,
    );
    let (same_noise, other_counts) =
        said(&network, &Batch { history: History { points: other.expect("points"), ..batch.history.clone() }, ..batch.clone() });
    assert_eq!(noise, same_noise, "no stroke sees itself, or one behind it, or one of another drawing");
    let differ: Vec<bool> = counts.iter().zip(&other_counts).map(|(a, b)| a != b).collect();
    assert_eq!(differ, [false, false, false, true, false, false], "only what follows the third stroke");
    // The first stroke is seen by all that follow it in its drawing.
    let other = Tensor::cat(&[&random(&[3, ROW], 9), &batch.history.points.narrow(0, 3, 7).expect("the others")], 0).expect("points");
    let (other_noise, _) = said(&network, &Batch { history: History { points: other, ..batch.history.clone() }, ..batch });
    let differ = |range: std::ops::Range<usize>| noise[range.clone()] != other_noise[range];
    assert!(!differ(0..6) && differ(6..8) && differ(8..16) && !differ(16..20));
}

#[test]
fn attention_is_shared_out_among_what_is_seen() {
    let (network, parameters) = network(&TINY);
    shake(&parameters);
    let Batch { history, x, pens, timesteps, classes, .. } = batch();
    let memory =
        network.memory(&network.read(&history.points, &history.ends).expect("read"), &history.lengths, &history.noise).expect("a memory");
    let told = network.told(&memory, vec![0..1, 0..2, 0..3, 4..5], &pens).expect("told");
    let shares = network.attention(&x, &history.ends, &told, &timesteps, &classes).expect("shares");
    assert_eq!(shares.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2, 3, 1]);
    for share in &shares {
        assert!((share.iter().sum::<f32>() - 1.0).abs() < 1e-5 && share.iter().all(|&s| s > 0.0), "{shares:?}");
    }
    assert!((shares[2][0] - shares[2][1]).abs() > 1e-4, "{shares:?}");
}

#[test]
fn more_strokes_or_points_than_fit_are_refused() {
    let (network, _) = network(&TINY);
    let strokes = random(&[4, 16], 1);
    assert!(network.memory(&strokes, &[3, 1], &[0.0, 0.0]).is_ok());
    assert!(network.memory(&strokes, &[4], &[0.0]).is_err_and(|error| error.to_string().contains("at most 3")));
    let memory = network.memory(&strokes, &[3, 1], &[0.0; 2]).expect("a memory");
    let keys = std::iter::once(0..1).collect();
    let told = network.told(&memory, keys, &random(&[1, 2], 2)).expect("told");
    assert!(network.forward(&random(&[4, 2], 3), &[4], &told, &[5.0], &[0]).is_ok());
    assert!(network.forward(&random(&[5, 2], 3), &[5], &told, &[5.0], &[0]).is_err_and(|error| error.to_string().contains("at most 4")));
}

#[test]
fn rows_say_where_points_lie_and_where_the_pen_was_lifted() {
    let stroke = [[1.0, 2.0], [1.0, 4.0]];
    let first = rows(&stroke, None, stroke[0], 2.0);
    assert_eq!(first, [[0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 2.0, 0.0]]);
    let later = rows(&stroke, Some([0.0, 0.0]), [0.0, 1.0], 2.0);
    assert_eq!(later, [[0.5, 1.0, 1.0, 1.0, 1.0], [0.0, 1.0, 1.0, 3.0, 0.0]]);
}
