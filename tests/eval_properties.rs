//! What must hold for scores of any features.

use denoodle::eval::Features;
use denoodle::eval::coverage::{coverage, median_nearest, nearest};
use denoodle::eval::frechet::{Gaussian, frechet};
use denoodle::eval::kernel::kid;
use denoodle::eval::wasserstein::wasserstein;
use denoodle::util::rng::{Stream, normal, permutation, stream};
use denoodle::util::threads::pool;
use proptest::prelude::*;

/// Correlated normal features around `shift`.
fn features(seed: u64, rows: usize, width: usize, shift: f32) -> Features {
    let mut rng = stream(seed, Stream::Evaluate, 0);
    let mix = normal(&mut rng, width * width);
    let row = |z: Vec<f32>| (0..width).map(|j| shift + (0..width).map(|i| mix[j * width + i] * z[i]).sum::<f32>()).collect::<Vec<f32>>();
    let rows: Vec<Vec<f32>> = (0..rows).map(|_| row(normal(&mut rng, width))).collect();
    Features::from_rows(&rows).expect("features")
}

fn shuffled(features: &Features, seed: u64) -> Features {
    let rows: Vec<&[f64]> = features.rows().collect();
    let order = permutation(&mut stream(seed, Stream::Order, 0), rows.len());
    Features::new(order.iter().flat_map(|&i| rows[i as usize]).copied().collect(), features.width()).expect("features")
}

/// Every row reflected at some planes through the origin, the same ones for one seed: a rotation or its mirror image.
fn rotated(features: &Features, seed: u64) -> Features {
    let mut rng = stream(seed, Stream::Augment, 0);
    let mut rows: Vec<Vec<f64>> = features.rows().map(<[f64]>::to_vec).collect();
    for _ in 0..4 {
        let plane: Vec<f64> = normal(&mut rng, features.width()).into_iter().map(|v| f64::from(v) + 1e-3).collect();
        let square: f64 = plane.iter().map(|v| v * v).sum();
        for row in &mut rows {
            let along = row.iter().zip(&plane).map(|(a, b)| a * b).sum::<f64>() / square;
            row.iter_mut().zip(&plane).for_each(|(v, p)| *v -= 2.0 * along * p);
        }
    }
    Features::new(rows.concat(), features.width()).expect("features")
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn frechet_is_a_distance_of_distributions(seed in 0u64..1000, rows in 2usize..60, width in 1usize..24, shift in -3f32..3.0) {
        let (a, b) = (features(seed, rows, width, 0.0), features(seed + 1, rows + 3, width, shift));
        let d = |a: &Features, b: &Features| frechet(a, b).expect("a distance").distance;
        let there = d(&a, &b);
        prop_assert!(there >= 0.0 && d(&a, &a) < 1e-6, "to itself {}", d(&a, &a));
        prop_assert!(close(there, d(&b, &a)), "{there} and back {}", d(&b, &a));
        prop_assert!(close(there, d(&rotated(&a, seed), &rotated(&b, seed))));
        prop_assert!(close(there, d(&shuffled(&a, 1), &shuffled(&b, 2))));
        prop_assert!(d(&a, &shuffled(&a, 3)) < 1e-6);
        prop_assert_eq!(frechet(&a, &b).expect("a distance").rank_deficient, rows <= width);
    }

    #[test]
    fn shares_are_shares_and_do_not_depend_on_the_order(seed in 0u64..1000, rows in 7usize..60, width in 1usize..12, k in 1usize..7) {
        let (a, b) = (features(seed, rows, width, 0.0), features(seed + 1, rows + 5, width, 0.3));
        let there = coverage(&a, &b, k).expect("shares");
        for share in [there.precision, there.recall, there.coverage] {
            prop_assert!((0.0..=1.0).contains(&share));
        }
        prop_assert_eq!(there, coverage(&shuffled(&a, 1), &shuffled(&b, 2), k).expect("shares"));
        let back = coverage(&b, &a, k).expect("shares");
        prop_assert_eq!((there.precision, there.recall), (back.recall, back.precision));
        let own = coverage(&a, &shuffled(&a, 1), k).expect("shares");
        prop_assert_eq!((own.precision, own.recall, own.coverage), (1.0, 1.0, 1.0));
        prop_assert!(nearest(&a, &shuffled(&a, 1)).expect("distances").iter().all(|&d| d == 0.0));
    }

    #[test]
    fn wasserstein_is_a_distance(
        a in prop::collection::vec(-9f64..9.0, 1..40),
        b in prop::collection::vec(-9f64..9.0, 1..40),
        by in -5f64..5.0,
    ) {
        let d = |a: &[f64], b: &[f64]| wasserstein(a, b).expect("a distance");
        let moved: Vec<f64> = a.iter().rev().map(|v| v + by).collect();
        prop_assert!(d(&a, &a) == 0.0 && close(d(&a, &b), d(&b, &a)) && close(d(&a, &moved), by.abs()));
        prop_assert!(d(&a, &b) <= d(&a, &moved) + d(&moved, &b) + 1e-9);
        let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
        prop_assert!(d(&a, &b) >= (mean(&a) - mean(&b)).abs() - 1e-9);
    }

    #[test]
    fn no_numbers_make_a_panic(a in prop::collection::vec(any::<f64>(), 0..40), b in prop::collection::vec(-1e30f64..1e30, 0..40), width in 0usize..4, k in 0usize..9) {
        let _ = wasserstein(&a, &b);
        let sets = [&a, &b, &vec![0.0; 8]].map(|values| Features::new(values.clone(), width));
        for (a, b) in [(0, 1), (1, 1), (1, 2), (2, 2)] {
            if let (Ok(a), Ok(b)) = (&sets[a], &sets[b]) {
                let _ = (coverage(a, b, k), nearest(a, b), median_nearest(b, a));
                for score in [frechet(a, b).map(|f| f.distance), kid(a, b, 2, k, 1).map(|k| k.mean)].into_iter().flatten() {
                    prop_assert!(!score.is_nan());
                }
            }
        }
    }
}

#[test]
fn kernel_distances_of_two_halves_straddle_0() {
    let normals = |seed: u64, rows: std::ops::Range<u64>, shift: f32| {
        let row = |i| normal(&mut stream(seed, Stream::Evaluate, i), 6).into_iter().map(|v| v + shift).collect();
        Features::from_rows(&rows.map(row).collect::<Vec<Vec<f32>>>()).expect("features")
    };
    let of_halves = |seed| kid(&normals(seed, 0..40, 0.0), &normals(seed, 40..80, 0.0), 10, 20, seed).expect("a distance");
    let estimates: Vec<f64> = (0..60).map(|seed| of_halves(seed).whole).collect();
    let below = estimates.iter().filter(|&&v| v < 0.0).count();
    let mean = estimates.iter().sum::<f64>() / 60.0;
    let deviation = (estimates.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 59.0).sqrt();
    println!("{below} of 60 below 0, mean {mean:.4}, deviation {deviation:.4}");
    assert!((10..=55).contains(&below) && mean.abs() < 3.0 * deviation / 60f64.sqrt());
    let moved = kid(&normals(1, 0..300, 0.0), &normals(1, 300..600, 1.0), 10, 100, 1).unwrap();
    assert!(moved.mean > 3.0 * moved.deviation && moved.whole > 0.0);
}

#[test]
fn scores_do_not_depend_on_the_number_of_threads() {
    let (a, b) = (features(1, 500, 5, 0.0), features(2, 300, 5, 0.2));
    let scores = |threads| pool(threads).unwrap().install(|| (kid(&a, &b, 7, 90, 3).unwrap(), coverage(&a, &b, 5).unwrap()));
    assert_eq!(scores(1), scores(3));
}

#[test]
fn sets_that_cannot_be_compared_are_refused_with_their_reason() {
    let (one, few, narrow) = (features(1, 1, 4, 0.0), features(1, 3, 4, 0.0), features(1, 3, 2, 0.0));
    let unequal = "cannot compare drawings with 4 features to drawings with 2";
    let says = |result: denoodle::util::Result<()>, words: &str| {
        let text = result.expect_err("refused").to_string();
        assert!(text.contains(words), "{text}");
    };
    says(frechet(&few, &narrow).map(drop), unequal);
    says(kid(&few, &narrow, 1, 2, 0).map(drop), unequal);
    says(coverage(&few, &narrow, 1).map(drop), unequal);
    says(nearest(&few, &narrow).map(drop), unequal);
    says(Gaussian::fit(&few).unwrap().distance(&Gaussian::fit(&narrow).unwrap()).map(drop), "4 features to 2");
    says(frechet(&few, &one).map(drop), "at least 2 drawings");
    says(kid(&one, &few, 10, 10, 0).map(drop), "at least 2 drawings, not 10 of 1");
    says(kid(&few, &few, 0, 10, 0).map(drop), "not 0 of 3");
    says(coverage(&few, &few, 0).map(drop), "no neighbour number 0");
    says(coverage(&few, &few, 3).map(drop), "a set of 3 drawings has no neighbour number 3");
}
