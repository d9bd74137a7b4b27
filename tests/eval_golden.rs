//! Scores against numpy, scipy, torch-fidelity and prdc: tests/golden/metrics.py made tests/golden/metrics.json. With `--nocapture` the errors are shown.

#![allow(clippy::print_stdout, reason = "the errors are there to be read")]

use denoodle::eval::Features;
use denoodle::eval::coverage::{Coverage, coverage, median_nearest};
use denoodle::eval::frechet::{Frechet, frechet};
use denoodle::eval::kernel::kid;
use denoodle::eval::wasserstein::wasserstein;
use serde_json::Value;

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("no number {name}"))
}

/// The features of tests/golden/metrics.py.
fn features(make: &Value) -> Features {
    let [rows, width] = ["rows", "width"].map(|name| number(make, name) as usize);
    let [shift, spread] = ["shift", "spread"].map(|name| number(make, name));
    let mut state = number(make, "seed") as u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / 2f64.powi(53)
    };
    let mut row = || {
        let u: Vec<f64> = (0..=width).map(|_| uniform()).collect();
        (0..width).map(|j| spread * (u[j] + 0.5 * u[j + 1]) + shift * (1 + j % 3) as f64).collect::<Vec<f64>>()
    };
    Features::new((0..rows).flat_map(|_| row()).collect(), width).expect("features")
}

/// Every set with its name: the references, the two sets of features; and the settings of the kernel distance.
fn each(mut test: impl FnMut(&str, &Value, &Features, &Features, &Value)) {
    let golden: Value = serde_json::from_str(include_str!("golden/metrics.json")).expect("json");
    let sets = golden["sets"].as_object().expect("sets");
    assert_eq!(sets.len(), 3);
    for (name, set) in sets {
        test(name, set, &features(&set["a"]), &features(&set["b"]), &golden["kid"]);
    }
}

fn assert_near(what: &str, got: f64, expected: f64, relative: f64) {
    let error = (got - expected).abs() / expected.abs();
    println!("{what}: relative error {error:.1e}");
    assert!(error < relative, "{what}: {got}, not {expected}: relative error {error:.1e}");
}

#[test]
fn frechet_distances_are_scipys_and_torch_fidelitys() {
    each(|name, set, a, b, _| {
        let Frechet { distance, rank_deficient, .. } = frechet(a, b).unwrap();
        assert_near(&format!("{name}, from the rows"), distance, number(set, "frechet_nuclear"), 1e-9);
        if let Some(expected) = set["frechet_sqrtm"].as_f64() {
            assert_near(&format!("{name}, sqrtm"), distance, expected, 1e-6);
        }
        if let Some(expected) = set["frechet_torch_fidelity"].as_f64() {
            assert_near(&format!("{name}, torch-fidelity"), distance, expected, 1e-6);
        }
        assert_eq!(rank_deficient, name == "few");
    });
}

#[test]
fn kernel_distances_are_numpys_and_torch_fidelitys_for_the_same_subsets() {
    each(|name, set, a, b, settings| {
        let [seed, subsets, size] = ["seed", "subsets", "size"].map(|name| number(settings, name) as usize);
        let kid = kid(a, b, subsets, size, seed as u64).unwrap();
        assert_near(&format!("{name}, mean"), kid.mean, number(set, "kid_mean"), 1e-9);
        assert_near(&format!("{name}, torch-fidelity"), kid.mean, number(set, "kid_torch_fidelity"), 1e-9);
        assert_near(&format!("{name}, deviation"), kid.deviation, number(set, "kid_deviation"), 1e-9);
        assert_near(&format!("{name}, whole"), kid.whole, number(set, "kid_whole"), 1e-9);
        assert_eq!(kid.size, size.min(a.count()).min(b.count()));
    });
}

#[test]
fn precision_recall_density_and_coverage_are_their_definitions_and_prdcs() {
    each(|name, set, a, b, _| {
        let of = |from: &str| set[from].as_object().expect("some k").clone();
        for (k, expected) in of("coverage").iter().chain(&of("prdc")) {
            let Coverage { precision, recall, density, coverage } = coverage(a, b, k.parse().unwrap()).unwrap();
            let got = [("precision", precision), ("recall", recall), ("density", density), ("coverage", coverage)];
            for (what, got) in got {
                let expected = number(expected, what);
                assert!((got - expected).abs() < 1e-12, "{name}, k = {k}: {what} {got}, not {expected}");
            }
        }
        assert_near(&format!("{name}, nearest"), median_nearest(b, a).unwrap(), number(set, "nearest"), 1e-12);
    });
}

#[test]
fn wasserstein_distances_are_scipys() {
    each(|name, set, a, b, _| {
        let column = |features: &Features, j: usize| features.rows().map(|row| row[j]).collect::<Vec<f64>>();
        for (at, expected) in set["wasserstein"].as_array().expect("numbers").iter().enumerate() {
            let got = wasserstein(&column(a, at / 2), &column(b, at % 2)).unwrap();
            assert_near(&format!("{name}, {at}"), got, expected.as_f64().unwrap(), 1e-9);
        }
        let whole = |features: &Features, j: usize| column(features, j).iter().map(|v| (9.0 * v).floor()).collect::<Vec<f64>>();
        let got = wasserstein(&whole(a, 0), &whole(b, 1)).unwrap();
        assert_near(&format!("{name}, whole numbers"), got, number(set, "wasserstein_whole"), 1e-9);
    });
}
