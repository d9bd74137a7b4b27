//! LSTM and GRU, as operations and as layers.

use candle_core::{Device, Tensor};
use denoodle::model::layers::{Bidirectional, Direction, Gru, Lstm, Recurrent};
use denoodle::model::ops;
use denoodle::model::weights::{Parameter, fresh};
use proptest::prelude::*;

use crate::check::{check, difference, numbers, random};

type Net = fn(&Tensor, &Tensor, &Tensor, &[usize], bool) -> candle_core::Result<Tensor>;

/// A kind of network: fused, plain, and what its shapes are multiples of: gates, rows beyond h, states.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    fused: Net,
    plain: Net,
    gates: usize,
    extra: usize,
    states: usize,
}

const KINDS: [Kind; 2] = [
    Kind { name: "lstm", fused: ops::lstm, plain: ops::lstm_plain, gates: 4, extra: 0, states: 2 },
    Kind { name: "gru", fused: ops::gru, plain: ops::gru_plain, gates: 3, extra: 1, states: 1 },
];

fn ends(lengths: &[usize]) -> Vec<usize> {
    lengths
        .iter()
        .scan(0, |at, n| {
            *at += n;
            Some(*at)
        })
        .collect()
}

impl Kind {
    /// Gates, recurrent weights and initial states.
    fn inputs(&self, ends: &[usize], h: usize) -> [Tensor; 3] {
        let tokens = ends.last().copied().unwrap_or(0);
        let recurrent = (random(&[h + self.extra, self.gates * h], 1) * (h as f64).powf(-0.5)).expect("scaled");
        [random(&[tokens, self.gates * h], 0), recurrent, random(&[ends.len(), self.states * h], 2)]
    }

    fn check(&self, lengths: &[usize], h: usize, reverse: bool) {
        let ends = ends(lengths);
        let of = |net: Net| {
            let ends = ends.clone();
            move |x: &[Tensor]| net(&x[0], &x[1], &x[2], &ends, reverse)
        };
        check(self.name, &of(self.fused), &of(self.plain), &self.inputs(&ends, h), &[]);
    }

    /// The equations, number by number, of a network that reads one sequence from its first token on.
    fn scalar(&self, [x, u, state]: [&[f64]; 3], h: usize) -> Vec<f64> {
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let columns = self.gates * h;
        let mut state = state.to_vec();
        let mut out = Vec::new();
        for x in x.chunks(columns) {
            let before = state.clone();
            let said = |gate: usize, k: usize| -> f64 { (0..h).map(|j| before[j] * u[j * columns + gate * h + k]).sum() };
            for k in 0..h {
                let x = |gate: usize| x[gate * h + k];
                if self.name == "lstm" {
                    let [i, f, g, o] = [0, 1, 2, 3].map(|gate| x(gate) + said(gate, k));
                    state[h + k] = sigmoid(f) * before[h + k] + sigmoid(i) * g.tanh();
                    state[k] = sigmoid(o) * state[h + k].tanh();
                } else {
                    let [r, z, n] = [0, 1, 2].map(|gate| said(gate, k) + u[h * columns + gate * h + k]);
                    let (r, z) = (sigmoid(x(0) + r), sigmoid(x(1) + z));
                    state[k] = (1.0 - z) * (x(2) + r * n).tanh() + z * before[k];
                }
            }
            out.extend_from_slice(&state);
        }
        out
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn any_sequences(lengths in prop::collection::vec(0usize..6, 1..5), h in 2usize..7, reverse: bool) {
        let lengths = if lengths.iter().all(|&n| n == 0) { vec![1] } else { lengths };
        KINDS.iter().for_each(|kind| kind.check(&lengths, h, reverse));
    }
}

#[test]
fn one_sequence_single_tokens_equal_lengths_and_wide_states_agree() {
    for (lengths, h) in [(vec![5], 3), (vec![1], 4), (vec![1, 1, 1], 2), (vec![3, 3, 3], 5), (vec![2, 7, 1, 0, 4], 33), (vec![40, 60], 4)] {
        for kind in KINDS {
            kind.check(&lengths, h, false);
            kind.check(&lengths, h, true);
        }
    }
}

#[test]
fn the_equations_are_those_of_the_papers() {
    let h = 3;
    for kind in KINDS {
        let [x, u, initial] = kind.inputs(&[4], h);
        let [seen_x, seen_u, seen_initial] = [&x, &u, &initial].map(numbers);
        let out = (kind.fused)(&x, &u, &initial, &[4], false).expect("forward");
        let exact = kind.scalar([&seen_x, &seen_u, &seen_initial], h);
        assert!(difference(&numbers(&out), &exact) < 1e-6, "{}", kind.name);
        // A sequence turned round and read from its end says the same, turned round.
        let turned: Vec<f64> = seen_x.chunks(kind.gates * h).rev().flatten().copied().collect();
        let turned = Tensor::from_vec(turned, x.shape(), &Device::Cpu).and_then(|x| x.to_dtype(candle_core::DType::F32)).expect("turned");
        let back = (kind.fused)(&turned, &u, &initial, &[4], true).expect("backward");
        let back: Vec<f64> = numbers(&back).chunks(kind.states * h).rev().flatten().copied().collect();
        assert!(difference(&back, &exact) < 1e-6, "{} from the end", kind.name);
    }
}

#[test]
fn sequences_know_nothing_of_one_another_and_may_be_cut() {
    for kind in KINDS {
        let h = 4;
        let [x, u, initial] = kind.inputs(&[3, 8], h);
        let together = (kind.fused)(&x, &u, &initial, &[3, 8], false).expect("both");
        // The second one alone, and cut in two: the state goes on.
        let state = initial.narrow(0, 1, 1).expect("a row");
        let first = (kind.fused)(&x.narrow(0, 3, 2).expect("rows"), &u, &state, &[2], false).expect("first part");
        let state = first.narrow(0, 1, 1).expect("a row");
        let second = (kind.fused)(&x.narrow(0, 5, 3).expect("rows"), &u, &state, &[3], false).expect("second part");
        let parts = Tensor::cat(&[first, second], 0).expect("joined");
        assert!(difference(&numbers(&parts), &numbers(&together.narrow(0, 3, 5).expect("rows"))) < 1e-6, "{}", kind.name);
    }
}

#[test]
fn input_that_is_not_contiguous_is_read_rightly() {
    let op = |net: Net| move |x: &[Tensor]| net(&x[0].t()?, &x[1].t()?, &x[2].t()?, &[2, 6], true);
    for kind in KINDS {
        let turned = kind.inputs(&[2, 6], 3).map(|x| x.t().and_then(|x| x.contiguous()).expect("turned"));
        check(kind.name, &op(kind.fused), &op(kind.plain), &turned, &[]);
    }
}

#[test]
fn what_does_not_fit_is_refused_and_no_tokens_are_fine() {
    for kind in KINDS {
        let h = 3;
        let [x, u, initial] = kind.inputs(&[2, 6], h);
        for net in [kind.fused, kind.plain] {
            for ends in [vec![], vec![6], vec![2, 5], vec![2, 7], vec![8, 6], vec![2, 4, 6]] {
                assert!(net(&x, &u, &initial, &ends, false).is_err(), "{} {ends:?}", kind.name);
            }
            let ends = [2, 6];
            let narrow = |t: &Tensor| t.narrow(1, 0, 2).expect("columns");
            assert!(net(&narrow(&x), &u, &initial, &ends, false).is_err());
            assert!(net(&x, &narrow(&u), &initial, &ends, false).is_err());
            assert!(net(&x, &u, &narrow(&initial), &ends, false).is_err());
            assert!(net(&x, &u.narrow(0, 0, 2).expect("rows"), &initial, &ends, false).is_err());
            assert!(net(&x.narrow(0, 0, 5).expect("rows"), &u, &initial, &ends, false).is_err());
            assert!(net(&x.flatten_all().expect("flat"), &u, &initial, &ends, false).is_err());
            let nothing = random(&[0], 0);
            assert!(net(&nothing, &nothing, &nothing, &[], false).is_err());
            let none = net(&random(&[0, kind.gates * h], 0), &u, &initial, &[0, 0], false).expect("empty sequences");
            assert_eq!(none.dims(), [0, kind.states * h]);
        }
    }
}

#[test]
fn layers_have_their_shapes_names_and_last_states() {
    let (mut parameters, ends) = (Vec::<Parameter>::new(), ends(&[3, 1, 4]));
    let x = random(&[8, 5], 0);
    let shape = |x: denoodle::util::Result<Tensor>| x.expect("forward").dims().to_vec();
    let mut build = fresh(1, &Device::Cpu, &mut parameters);
    let lstm = Lstm::new("lstm", 5, 6, Direction::Ahead, &mut build).expect("weights");
    let gru = Gru::new("gru", 5, 6, Direction::Back, &mut build).expect("weights");
    let both = Bidirectional::<Gru>::new("both", 5, 6, &mut build).expect("weights");
    drop(build);
    assert_eq!(shape(lstm.states(&x, &ends, &random(&[3, 12], 1))), [8, 12]);
    assert_eq!((shape(both.forward(&x, &ends)), shape(both.summary(&x, &ends))), (vec![8, 12], vec![3, 12]));
    for (h, last, rows) in [
        (lstm.forward(&x, &ends), lstm.last(&lstm.forward(&x, &ends).expect("h"), &ends), [2, 3, 7]),
        (gru.forward(&x, &ends), gru.last(&gru.forward(&x, &ends).expect("h"), &ends), [0, 3, 4]),
    ] {
        let (h, last) = (h.expect("h").to_vec2::<f32>().expect("rows"), last.expect("last").to_vec2::<f32>().expect("rows"));
        assert_eq!(rows.map(|row| h[row].clone()).to_vec(), last);
    }
    assert!(lstm.last(&x, &[3, 3, 8]).is_err() && lstm.last(&x, &[9]).is_err());
    let names: Vec<(String, Vec<usize>)> =
        parameters.iter().flat_map(|p| p.weights.iter().map(|w| (w.name.clone(), w.shape.clone()))).collect();
    let expected = [
        ("lstm.input.weight", vec![5, 24]),
        ("lstm.input.bias", vec![24]),
        ("lstm.recurrent.weight", vec![6, 24]),
        ("gru.input.weight", vec![5, 18]),
        ("gru.input.bias", vec![18]),
        ("gru.recurrent.weight", vec![6, 18]),
        ("gru.recurrent.bias", vec![18]),
    ];
    assert_eq!(names[..7], expected.map(|(name, shape)| (name.to_owned(), shape)));
    // All weights learn.
    let loss = |y: denoodle::util::Result<Tensor>| y.expect("h").sqr().and_then(|y| y.sum_all()).expect("a loss");
    let losses = [both.summary(&x, &ends), lstm.forward(&x, &ends), gru.forward(&x, &ends)].map(loss);
    let store = Tensor::stack(&losses, 0).and_then(|losses| losses.sum_all()?.backward()).expect("backward");
    assert!(parameters.iter().all(|p| store.get(&p.var).is_some()));
}
