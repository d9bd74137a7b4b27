//! Activations, linear layers, norms, attention, the loss.

use candle_core::Tensor;
use denoodle::model::ops::{self, Activation, Mask, Span};
use proptest::prelude::*;

use crate::check::{check, difference, numbers, random};

const ACTIVATIONS: [Activation; 3] = [Activation::None, Activation::Silu, Activation::Gelu];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn activations(rows in 1usize..9, width in 1usize..40, which in 0usize..3) {
        let act = ACTIVATIONS[which];
        let x = (random(&[rows, width], 0) * 3.0).expect("scaled");
        check("activation", &|x| ops::activate(&x[0], act), &|x| ops::activate_plain(&x[0], act), &[x], &[]);
    }

    #[test]
    fn linear(rows in 1usize..9, inputs in 1usize..20, outputs in 1usize..20, which in 0usize..3) {
        let act = ACTIVATIONS[which];
        let all = [random(&[rows, inputs], 0), random(&[inputs, outputs], 1), random(&[outputs], 2)];
        check("linear", &|x| ops::linear(&x[0], &x[1], &x[2], act), &|x| ops::linear_plain(&x[0], &x[1], &x[2], act), &all, &[]);
    }

    #[test]
    fn norms(rows in 1usize..9, width in 3usize..40) {
        let x = random(&[rows, width], 0);
        let shared = [x.clone(), random(&[width], 1), random(&[width], 2)];
        check("layer norm", &|x| ops::layer_norm(&x[0], &x[1], &x[2]), &|x| ops::layer_norm_plain(&x[0], &x[1], &x[2]), &shared, &[]);
        let own = [x, random(&[rows, width], 1), random(&[rows, width], 2)];
        check("modulated", &|x| ops::modulated_norm(&x[0], &x[1], &x[2]), &|x| ops::modulated_norm_plain(&x[0], &x[1], &x[2]), &own, &[]);
    }

    #[test]
    fn norms_of_groups_of_any_length(lengths in prop::collection::vec(0usize..6, 1..5), width in 3usize..40) {
        let lengths = if lengths.iter().all(|&n| n == 0) { vec![1] } else { lengths };
        let ends: Vec<usize> = lengths.iter().scan(0, |at, n| { *at += n; Some(*at) }).collect();
        let groups = ends.len();
        let all = [random(&[ends[groups - 1], width], 0), random(&[groups, width], 1), random(&[groups, width], 2)];
        let fused = |x: &[Tensor]| ops::modulated_norm_packed(&x[0], &x[1], &x[2], &ends);
        check("packed norm", &fused, &|x| ops::modulated_norm_packed_plain(&x[0], &x[1], &x[2], &ends), &all, &[]);
    }

    #[test]
    fn self_attention(lengths in prop::collection::vec(1usize..7, 1..5), heads in 1usize..4, head in 1usize..6, causal: bool) {
        let mut tokens = 0;
        let ends: Vec<usize> = lengths.iter().map(|n| { tokens += n; tokens }).collect();
        let (mask, width) = (Mask::within(&ends, causal), heads * head);
        let plain = |x: &[Tensor]| {
            let (q, kv) = (x[0].narrow(1, 0, width)?, x[0].narrow(1, width, 2 * width)?);
            ops::attention_plain(&q, &kv, &mask, heads)
        };
        check("self-attention", &|x| ops::self_attention(&x[0], &mask, heads), &plain, &[random(&[tokens, 3 * width], 0)], &[]);
    }

    #[test]
    fn cross_attention(spans in prop::collection::vec((1usize..4, 0usize..5), 1..5), heads in 1usize..4, head in 1usize..5) {
        let (mut queries, mut keys) = (0, 1);
        let span = |(n, m): &(usize, usize)| {
            let span = Span { queries: queries..queries + n, keys: keys..keys + m };
            (queries, keys) = (queries + n, keys + m);
            span
        };
        let list: Vec<Span> = spans.iter().map(span).collect();
        // Where nobody sees anything, the twin is a constant, without gradients to compare.
        prop_assume!(list.iter().any(|span| !span.keys.is_empty()));
        let (mask, width) = (Mask::across(list.clone()), heads * head);
        let all = [random(&[queries, width], 0), random(&[keys, 2 * width], 1)];
        check("attention", &|x| ops::cross_attention(&x[0], &x[1], &mask, heads), &|x| ops::attention_plain(&x[0], &x[1], &mask, heads), &all, &[]);
        // Who sees nothing gets nothing.
        let out = numbers(&ops::cross_attention(&all[0], &all[1], &mask, heads).expect("attention"));
        for span in list.iter().filter(|span| span.keys.is_empty()) {
            prop_assert!(out[span.queries.start * width..span.queries.end * width].iter().all(|&v| v == 0.0));
        }
    }

    #[test]
    fn squared_error(rows in 1usize..70, width in 1usize..9) {
        let all = [random(&[rows, width], 0), random(&[rows, width], 1), random(&[width], 2).abs().expect("positive")];
        let (fused, plain) = (|x: &[Tensor]| ops::squared_error(&x[0], &x[1], &x[2]), |x: &[Tensor]| ops::squared_error_plain(&x[0], &x[1], &x[2]));
        check("squared error", &fused, &plain, &all, &[2]);
    }
}

#[test]
fn long_sequences_agree_too() {
    let (mask, heads, width) = (Mask::within(&[96, 97, 160], true), 4, 64);
    let qkv = random(&[160, 3 * width], 0);
    let plain = |x: &[Tensor]| ops::attention_plain(&x[0].narrow(1, 0, width)?, &x[0].narrow(1, width, 2 * width)?, &mask, heads);
    check("self-attention", &|x| ops::self_attention(&x[0], &mask, heads), &plain, &[qkv], &[]);
}

#[test]
fn input_that_is_not_contiguous_is_read_rightly() {
    let x = random(&[6, 10], 2);
    let (weight, bias) = (random(&[6, 4], 3), random(&[4], 4));
    let turned = x.t().expect("turned");
    let fused = ops::linear(&turned, &weight, &bias, Activation::Silu).expect("fused");
    let plain = ops::linear_plain(&turned.contiguous().expect("copied"), &weight, &bias, Activation::Silu).expect("plain");
    assert!(difference(&numbers(&fused), &numbers(&plain)) < 1e-5);
    let stretch = random(&[20, 6], 5).narrow(0, 3, 10).expect("a stretch").t().expect("turned");
    let (a, b) = (ops::silu(&stretch).expect("fused"), stretch.silu().expect("plain"));
    assert!(difference(&numbers(&a), &numbers(&b)) < 1e-5);
}

#[test]
fn sequences_that_do_not_fit_are_refused() {
    let (rows, groups) = (random(&[6, 3], 0), random(&[2, 3], 1));
    for ends in [vec![], vec![6], vec![2, 5], vec![2, 7], vec![7, 6], vec![2, 4, 6]] {
        assert!(ops::modulated_norm_packed(&rows, &groups, &groups, &ends).is_err(), "{ends:?}");
    }
    let x = random(&[6, 12], 3);
    for ends in [vec![], vec![5], vec![7], vec![3, 2, 6]] {
        assert!(ops::self_attention(&x, &Mask::within(&ends, true), 2).is_err(), "{ends:?}");
    }
    assert!(ops::self_attention(&x, &Mask::within(&[6], true), 5).is_err());
    assert!(ops::self_attention(&x, &Mask::within(&[6], true), 0).is_err());
    let beyond = Mask::across(vec![Span { queries: 0..6, keys: 2..9 }]);
    assert!(ops::cross_attention(&random(&[6, 4], 0), &random(&[8, 8], 1), &beyond, 2).is_err());
}
