//! Scores that nobody measured, in round numbers.

use std::path::PathBuf;
use std::time::Duration;

use denoodle::data::SplitAudit;
use denoodle::eval::extractor::ExtractorId;
use denoodle::eval::{Basis, CharacteristicScore, DataFacts, Floor, Histogram, Measured, Origin, SCORES, Score, ScoreKind, Versus};
use denoodle::session::{Against, Evaluated, Event, Outcome, Protocol, Scores};
use denoodle::sketch::{Sketch, Stroke};

/// A score whose value can be told from its kind: 0.11, 0.12 and so on.
fn score(kind: ScoreKind, seeds: usize, shift: f64) -> Score {
    let mean = 0.11 + 0.01 * kind as usize as f64 + shift;
    let runs = (0..seeds).map(|i| Measured {
        seed: Some(i as u64 + 1),
        value: mean + 0.01 * (i as f64 - (seeds as f64 - 1.0) / 2.0),
        interval: Some([mean - 0.02, mean + 0.03]),
        deviation: None,
    });
    let of_real = matches!(kind, ScoreKind::Top1 | ScoreKind::Top5 | ScoreKind::Nearest | ScoreKind::Copying | ScoreKind::NearCopies);
    Score {
        kind,
        real: 200,
        generated: 1234,
        runs: runs.collect(),
        mean: Some(mean),
        spread: (seeds > 1).then_some(0.01),
        floor: Some(Floor { count: 200, value: mean / 2.0, interval: None, deviation: None }),
        of_real: of_real.then_some(0.5),
        rank_deficient: kind == ScoreKind::Fid,
        absent: None,
        no_interval: None,
    }
}

fn versus(against: Against, seeds: usize, shift: f64) -> Versus {
    let mut scores: Vec<Score> = SCORES.iter().map(|row| score(row.kind, seeds, shift)).collect();
    if let Some(kid) = scores.iter_mut().find(|score| score.kind == ScoreKind::Kid) {
        (kid.mean, kid.spread, kid.floor, kid.absent) = (None, None, None, Some("made up to be absent".into()));
        kid.runs.clear();
    }
    let bell = |at: f64| {
        let shares: Vec<f64> = (0..20).map(|i| (-(f64::from(i) - at).powi(2) / 18.0).exp()).collect();
        let sum: f64 = shares.iter().sum();
        shares.into_iter().map(|share| share / sum).collect()
    };
    let names = ["strokes a drawing", "points a stroke", "ink length", "aspect ratio", "length of stroke 1", "turning angle"];
    let characteristic = |(i, name): (usize, &&str)| CharacteristicScore {
        name: (*name).into(),
        real_mean: Some(10.0 + i as f64),
        generated_mean: Some(11.0 + i as f64),
        distances: vec![Some(1.0 + i as f64); seeds],
        distance: Some(1.0 + i as f64),
        spread: (seeds > 1).then_some(0.1),
        floor: Some(0.5),
        histogram: (i != 5).then(|| Histogram {
            edges: (0..=20).map(f64::from).collect(),
            real: bell(9.0),
            generated: bell(11.0 + i as f64),
        }),
    };
    let characteristics = names.iter().enumerate().map(characteristic).collect();
    Versus { against, real: 200, floor: 200, scores, characteristics }
}

/// One evaluation, with the shared indices left out too where `shared`.
pub fn scores(category: &str, seeds: usize, shared: bool, shift: f64) -> Scores {
    let shared_count = if shared { 7 } else { 0 };
    Scores {
        format: "denoodle-scores".into(),
        version: 1,
        program: "0.0.0".into(),
        category: category.into(),
        origin: Origin::Model { file: format!("runs/{category}-quick"), sha256: "0".repeat(64), steps: 5000 },
        basis: Basis {
            protocol: Protocol::Sketch,
            extractor: ExtractorId { name: "made-up-network".into(), sha256: "abcdef".repeat(10) + "abcd" },
            width: 256,
            renderer: "made-up-renderer".into(),
        },
        data: DataFacts {
            sha256: "1".repeat(64),
            split_sha256: "2".repeat(64),
            procedural: false,
            audit: SplitAudit { train: 2737, test: 200, repeated_in_train: 0, repeated_in_test: 0, shared: shared_count, past_end: 0 },
            neighbours: 2737,
        },
        generated: 1234,
        seeds: (1..=seeds as u64).collect(),
        seed: 1,
        as_given: versus(Against::AsGiven, seeds, shift),
        without_shared: shared.then(|| versus(Against::WithoutShared, seeds, shift + 0.2)),
        notes: vec!["these numbers are made up".into()],
    }
}

/// A face, more or less round.
fn face(i: usize) -> Sketch {
    let circle = |x: f32, y: f32, r: f32| {
        let at = |k: i32| [x + r * (k as f32 * 0.35).cos(), y + r * (1.0 + 0.03 * i as f32) * (k as f32 * 0.35).sin()];
        Stroke::new((0..19).map(at).collect())
    };
    let strokes = vec![
        circle(128., 140., 100.),
        circle(95., 120., 12.),
        circle(160., 120., 12.),
        Stroke::new(vec![[90., 180.], [128., 195.], [170., 178.]]),
    ];
    Sketch { strokes }
}

/// Scores with drawings beside them.
pub fn evaluated(category: &str, seeds: usize, shared: bool, shift: f64) -> Evaluated {
    let sheet = |from: usize| (from..from + 20).map(face).collect();
    Evaluated { scores: scores(category, seeds, shared, shift), real: sheet(0), generated: sheet(7) }
}

/// The end of an evaluation.
pub fn finished(results: Vec<Evaluated>, files: &[&str]) -> Event {
    let files = files.iter().map(PathBuf::from).collect();
    Event::Finished(Outcome::Evaluated { results, files, took: Duration::from_secs(83) })
}
