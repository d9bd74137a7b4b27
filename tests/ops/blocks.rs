//! Whole blocks.

use candle_core::Tensor;
use denoodle::model::ops::{self, Mask};
use proptest::prelude::*;

use crate::check::{check, difference, numbers, random};

fn packed(shapes: &[(&'static str, [usize; 2])]) -> Tensor {
    let n = shapes.iter().map(|(_, [rows, columns])| rows * columns).sum();
    (random(&[n], 7) * 0.4).expect("scaled")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn transformer_block(lengths in prop::collection::vec(1usize..6, 1..4), heads in 1usize..3, head in 2usize..5, causal: bool) {
        let mut tokens = 0;
        let ends: Vec<usize> = lengths.iter().map(|n| { tokens += n; tokens }).collect();
        let (mask, width) = (Mask::within(&ends, causal), heads * head);
        let all = [random(&[tokens, width], 0), packed(&ops::block_shapes(width))];
        let plain = |x: &[Tensor]| ops::transformer_block_plain(&x[0], &x[1], &mask, heads);
        check("transformer block", &|x| ops::transformer_block(&x[0], &x[1], &mask, heads), &plain, &all, &[]);
    }

    #[test]
    fn modulated_block(rows in 1usize..8, width in 3usize..12) {
        let all = [random(&[rows, width], 0), random(&[rows, width], 1), packed(&ops::modulated_shapes(width))];
        let (fused, plain) =
            (|x: &[Tensor]| ops::modulated_block(&x[0], &x[1], &x[2]), |x: &[Tensor]| ops::modulated_block_plain(&x[0], &x[1], &x[2]));
        check("modulated block", &fused, &plain, &all, &[]);
    }

    #[test]
    fn adaptive_block(lengths in prop::collection::vec(1usize..6, 1..4), heads in 1usize..3, head in 2usize..5) {
        let mut tokens = 0;
        let ends: Vec<usize> = lengths.iter().map(|n| { tokens += n; tokens }).collect();
        let width = heads * head;
        let all = [random(&[tokens, width], 0), random(&[ends.len(), width], 1), packed(&ops::adaptive_shapes(width))];
        let fused = |x: &[Tensor]| ops::adaptive_block(&x[0], &x[1], &x[2], &ends, heads);
        let plain = |x: &[Tensor]| ops::adaptive_block_plain(&x[0], &x[1], &x[2], &ends, heads);
        check("adaptive block", &fused, &plain, &all, &[]);
    }

    #[test]
    fn a_block_reads_token_by_token_what_it_reads_at_once(sequences in 1usize..4, tokens in 1usize..6, heads in 1usize..3) {
        let width = heads * 4;
        let (x, weights) = (random(&[sequences, tokens, width], 0), packed(&ops::block_shapes(width)));
        let ends: Vec<usize> = (1..=sequences).map(|i| i * tokens).collect();
        let flat = x.reshape((sequences * tokens, width)).expect("packed");
        let whole = ops::transformer_block(&flat, &weights, &Mask::within(&ends, true), heads).expect("at once");
        let whole = whole.reshape((sequences, tokens, width)).expect("apart");
        let mut seen = None;
        for token in 0..tokens {
            let at = |x: &Tensor| x.narrow(1, token, 1).and_then(|x| x.squeeze(1)?.contiguous()).expect("a token");
            let (out, now) = ops::transformer_block_step(&at(&x), &weights, heads, seen.as_ref()).expect("a step");
            seen = Some(now);
            prop_assert!(difference(&numbers(&out), &numbers(&at(&whole))) < 1e-5);
        }
    }
}

#[test]
fn weights_that_do_not_fit_are_refused() {
    let x = random(&[4, 6], 0);
    let few = random(&[10], 1);
    assert!(ops::transformer_block(&x, &few, &Mask::within(&[4], true), 2).is_err());
    assert!(ops::modulated_block(&x, &x, &few).is_err());
    let (condition, right) = (random(&[2, 6], 2), packed(&ops::adaptive_shapes(6)));
    assert!(ops::adaptive_block(&x, &condition, &right, &[1, 4], 2).is_ok());
    assert!(ops::adaptive_block(&x, &condition, &few, &[1, 4], 2).is_err());
    assert!(ops::adaptive_block(&x, &condition, &right, &[4], 2).is_err(), "two conditions for one sequence");
    assert!(ops::adaptive_block(&x, &condition, &right, &[1, 3], 2).is_err(), "a token of no sequence");
    assert!(ops::modulated_block(&x, &random(&[3, 6], 2), &packed(&ops::modulated_shapes(6))).is_err());
}
