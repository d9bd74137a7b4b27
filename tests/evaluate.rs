//! An evaluation from drawings to tables, with an extractor for tests.

mod eval_common;

use std::collections::HashSet;

use denoodle::data::Divided;
use denoodle::eval::extractor::extract;
use denoodle::eval::reference::FeatureCache;
use denoodle::eval::sets::Sets;
use denoodle::eval::{Against, Means, ScoreKind, Scores, Stage, check_side_by_side, evaluate, report};
use denoodle::util::{Cancel, Kind, threads};
use eval_common::*;

fn numbers(range: std::ops::Range<u64>) -> Vec<u64> {
    range.collect()
}

/// 200 to train with, 60 to test with; three are in both, one test index is there twice.
fn leaky() -> (tempfile::TempDir, Divided) {
    let folder = tempfile::tempdir().expect("a folder");
    let test: Vec<u64> = (200..257).chain([3, 5, 7, 256]).collect();
    let divided = cats(folder.path(), 300, &numbers(0..200), &test);
    (folder, divided)
}

fn of_good_model(sets: &Sets, seeds: &[u64]) -> Scores {
    scored(sets, &plan(seeds), 2, &Projection::new(16), &mut |seed| Ok(drawn(seed.expect("a seed"), 80))).expect("scores").scores
}

#[test]
fn every_score_has_its_floor_its_interval_and_its_numbers() {
    let (_folder, divided) = leaky();
    let sets = Sets::new(divided, 80, 1);
    let scores = of_good_model(&sets, &[4, 5, 6]);
    assert_eq!((scores.generated, &scores.seeds[..], scores.basis.width), (80, &[4, 5, 6][..], 16));
    assert_eq!((scores.as_given.real, scores.without_shared.as_ref().map(|versus| versus.real)), (61, Some(58)));
    assert!(scores.data.procedural && scores.data.audit.shared == 3 && scores.data.neighbours == 200);
    for versus in scores.lists() {
        assert_eq!(versus.floor, 80);
        for score in &versus.scores {
            if score.kind == ScoreKind::FidInfinite {
                assert!(score.absent.as_deref().is_some_and(|why| why.contains("at least 64 drawings")), "{score:?}");
                continue;
            }
            assert_eq!((score.absent.as_deref(), score.runs.len(), score.real, score.generated), (None, 3, versus.real, 80), "{score:?}");
            let floor = score.floor.expect("a floor");
            assert!(score.spread.is_some() && floor.count == 80, "{score:?}");
            for run in &score.runs {
                let [low, high] = run.interval.expect("an interval");
                assert!(low <= high && high - low < 3.0 * (1.0 + run.value.abs()), "{score:?}");
            }
            let of_real = matches!(score.kind, ScoreKind::Top1 | ScoreKind::Top5 | ScoreKind::Nearest | ScoreKind::NearCopies);
            assert_eq!(score.of_real.is_some(), of_real, "{score:?}");
        }
        assert_eq!(versus.characteristics.len(), 14);
        for one in &versus.characteristics {
            let histogram = one.histogram.as_ref().expect("values");
            assert!(one.distances.len() == 3 && one.floor.is_some() && histogram.edges.len() == histogram.real.len() + 1);
        }
    }
    // The same artist drew both sides: no score is far above its floor.
    let fid = scores.as_given.score(ScoreKind::Fid).expect("FID");
    assert!(fid.mean < fid.floor.map(|floor| 3.0 * floor.value + 0.1), "{fid:?}");
    assert_eq!(scores.copies(), Some(false));
    assert!(scores.notes.iter().any(|note| note.contains("3 indices are in both lists")), "{:?}", scores.notes);
}

#[test]
fn a_floor_has_no_drawing_of_the_test_list_whatever_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    cats(folder.path(), 60, &[0, 1], &[2]);
    let path = folder.path().join("cat.ndjson");
    let text = std::fs::read_to_string(&path).expect("drawings");
    let lines: Vec<&str> = text.lines().collect();
    // Line 60 is line 2 again; line 61 is another drawing with the key of line 3.
    let key = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["key_id"].as_str().map(str::to_owned);
    let [Some(third), Some(fourth)] = [lines[3], lines[4]].map(key) else { panic!("the sketchbook gives keys") };
    let other = lines[4].replace(&format!("\"{fourth}\""), &format!("\"{third}\""));
    let text = format!("{text}{}\n{other}\n", lines[2]);
    denoodle::util::atomic::write_bytes(&path, text.as_bytes()).expect("writes");
    let train: Vec<u64> = (10..30).chain([60, 61, 2]).collect();
    let divided = load(folder.path(), &train, &[2, 3, 2]);
    let sets = Sets::new(divided, 1000, 7);
    let floor: HashSet<u64> = sets.lines(&sets.floor_numbers()).into_iter().collect();
    assert_eq!(floor, (10..30).collect());
    assert_eq!((sets.as_given.len(), sets.without_shared.clone().map(|rows| rows.len())), (3, Some(1)));
    let again = Sets::new(sets.divided.clone(), 5, 7);
    assert_eq!(again.floor[..], sets.floor[..5]);
    assert_ne!(Sets::new(sets.divided.clone(), 5, 8).floor, again.floor);
}

#[test]
fn a_perfect_copier_is_found_out() {
    let (_folder, divided) = leaky();
    let sets = Sets::new(divided, 80, 1);
    let copies = sets.sketches(&sets.train[..80]);
    let found = scored(&sets, &plan(&[1]), 2, &Projection::new(16), &mut |_| Ok(copies.clone())).expect("scores").scores;
    assert_eq!(found.copies(), Some(true));
    assert_eq!(found.as_given.score(ScoreKind::Copying).and_then(|score| score.mean), Some(0.0));
    assert_eq!(found.as_given.score(ScoreKind::NearCopies).and_then(|score| score.mean), Some(1.0));
    assert!(found.notes.iter().any(|note| note.contains("the model copies")), "{:?}", found.notes);
    // Every other score is taken in by it.
    let fid = found.as_given.score(ScoreKind::Fid).expect("FID");
    assert!(fid.mean < fid.floor.map(|floor| 2.0 * floor.value + 0.1), "{fid:?}");
    // One copy in four is less than the median sees.
    let few: Vec<_> = drawn(3, 60).into_iter().chain(copies.iter().take(20).cloned()).collect();
    let found = scored(&sets, &plan(&[1]), 2, &Projection::new(16), &mut |_| Ok(few.clone())).expect("scores").scores;
    let versus = found.without_shared.as_ref().expect("shared indices");
    let near = versus.score(ScoreKind::NearCopies).expect("a share");
    assert!(
        near.mean.is_some_and(|mean| (0.25..0.45).contains(&mean)) && near.of_real.is_some_and(|real| (real - 0.05).abs() < 0.02),
        "{near:?}"
    );
    assert_eq!(found.copies(), Some(false));
    assert!(found.notes.iter().any(|note| note.contains("some may be drawn from memory")), "{:?}", found.notes);
    let unseen = scored(&sets, &eval_common::plan(&[1]), 2, &Projection::new(16), &mut |_| Ok(drawn(3, 80))).expect("scores").scores;
    let ratio = unseen.without_shared.and_then(|versus| versus.score(ScoreKind::Copying)?.mean).expect("a ratio");
    assert!((0.7..1.4).contains(&ratio), "{ratio}");
}

#[test]
fn scores_do_not_depend_on_threads_nor_on_pieces() {
    let (_folder, divided) = leaky();
    let sets = Sets::new(divided, 50, 1);
    let eye = Projection::new(16);
    let of = |threads| scored(&sets, &plan(&[2]), threads, &eye, &mut |_| Ok(drawn(2, 50))).expect("scores");
    assert_eq!(of(1), of(3));
    let (sketches, cancel) = (drawn(2, 50), Cancel::default());
    let whole = extract(&eye, &sketches, &cancel, &|_| {}).expect("features");
    let pieces: Vec<f64> = sketches
        .chunks(7)
        .flat_map(|piece| extract(&eye, piece, &cancel, &|_| {}).expect("features").rows().flatten().copied().collect::<Vec<f64>>())
        .collect();
    assert_eq!(whole.rows().flatten().copied().collect::<Vec<f64>>(), pieces);
}

#[test]
fn cancelling_is_noticed_at_every_stage() {
    let (_folder, divided) = leaky();
    let sets = Sets::new(divided, 40, 1);
    let eye = Projection::new(8);
    for stage in Stage::all(&[Some(1)]).into_iter().skip(1) {
        let ears = Ears { cancel_at: Some(stage), ..Ears::default() };
        let (cache, pool) = (FeatureCache::none(), threads::pool(2).expect("threads"));
        let means = Means { extractor: &eye, cache: &cache, pool: &pool, watch: &ears, cancel: &ears.cancel };
        let error = evaluate(&sets, origin(), &plan(&[1]), &means, &mut |_| Ok(drawn(1, 40))).expect_err("cancelled");
        assert_eq!(error.kind(), Kind::Cancelled, "{stage:?}");
        assert_eq!(ears.stages.lock().expect("no panic").last(), Some(&stage));
    }
}

#[test]
fn too_few_drawings_are_told_and_few_give_what_they_can() {
    let folder = tempfile::tempdir().expect("a folder");
    let divided = cats(folder.path(), 40, &numbers(0..10), &numbers(20..24));
    let sets = Sets::new(divided, 4, 1);
    let eye = Projection::new(8);
    for (count, words) in [(0, "there are none"), (1, "there is 1")] {
        let error = scored(&sets, &plan(&[1]), 1, &eye, &mut |_| Ok(drawn(1, count))).expect_err("too few");
        assert!(error.kind() == Kind::Usage && error.to_string().contains(words), "{error}");
    }
    let few = scored(&sets, &plan(&[1]), 1, &eye, &mut |_| Ok(drawn(1, 4))).expect("scores").scores;
    let why = |kind| few.as_given.score(kind).and_then(|score| score.absent.clone());
    assert_eq!((why(ScoreKind::Fid), why(ScoreKind::Kid), why(ScoreKind::ImprovedPrecision)), (None, None, None));
    assert!(why(ScoreKind::Precision).is_some_and(|why| why.contains("a set of 4 drawings has no neighbour number 5")));
    assert!(few.as_given.score(ScoreKind::Fid).is_some_and(|fid| fid.rank_deficient));
    let single = Sets::new(load(folder.path(), &numbers(0..10), &[20]), 4, 1);
    assert!(
        scored(&single, &plan(&[1]), 1, &eye, &mut |_| Ok(drawn(1, 4)))
            .expect_err("one")
            .to_string()
            .contains("of the test list there is 1")
    );
    // Nothing is left of the training list for a floor: scores without one.
    let no_floor = Sets::new(load(folder.path(), &[20, 21], &numbers(20..26)), 4, 1);
    let bare = scored(&no_floor, &plan(&[1]), 1, &eye, &mut |_| Ok(drawn(1, 8))).expect("scores").scores;
    assert!(bare.as_given.scores.iter().all(|score| score.floor.is_none()));
    assert!(bare.notes.iter().any(|note| note.contains("there is no floor")), "{:?}", bare.notes);
    let mut lonely = plan(&[1]);
    lonely.copying = false;
    let quiet = scored(&no_floor, &lonely, 1, &eye, &mut |_| Ok(drawn(1, 8))).expect("scores").scores;
    assert_eq!(quiet.copies(), None);
    assert!(quiet.as_given.score(ScoreKind::Copying).is_some_and(|score| score.absent.is_some()));
}

#[test]
fn a_file_of_scores_comes_back_as_it_was_and_others_are_refused() {
    let (_folder, divided) = leaky();
    let scores = of_good_model(&Sets::new(divided, 80, 1), &[1, 2]);
    let text = scores.to_json().expect("JSON");
    assert_eq!(Scores::from_json(&text).expect("scores"), scores);
    let says = |text: &str| Scores::from_json(text).expect_err("refused").to_string();
    assert!(says("{}").contains("not a file of scores") && says("[1").contains("not a file of scores"));
    assert!(says(&text.replace("\"version\": 1", "\"version\": 9")).contains("version 9"));
    assert!(says(&text.replace("denoodle-scores", "other")).contains("the form 'other'"));
    assert!(says(&text.replacen("\"generated\": 80", "\"generated\": \"many\"", 1)).contains("generated"));
}

#[test]
fn what_does_not_mean_the_same_may_not_stand_side_by_side() {
    let (_folder, divided) = leaky();
    let a = of_good_model(&Sets::new(divided, 80, 1), &[1]);
    let mut b = a.clone();
    assert!(check_side_by_side(&[&a, &b], Against::AsGiven).is_ok());
    assert!(check_side_by_side(&[], Against::AsGiven).is_err());
    let refused = |change: &dyn Fn(&mut Scores), words: &str| {
        let mut other = a.clone();
        change(&mut other);
        let error = check_side_by_side(&[&a, &a, &other], Against::AsGiven).expect_err(words);
        assert!(error.kind() == Kind::Usage && error.to_string().contains(words), "{error}");
        let mut plain = a.clone();
        (plain.without_shared, other.without_shared) = (None, None);
        let table = report::markdown(&[&plain, &other]);
        assert!(table.contains("cannot stand side by side") && !table.contains("| score | cat"), "{table}");
    };
    refused(&|s| s.basis.extractor.sha256 = "f".repeat(64), "the extractor differs");
    refused(&|s| s.basis.renderer = "kaist-256x256".into(), "the renderer differs (cat (cat): studio-32x32-margin0.06-line0.05");
    refused(&|s| s.basis.protocol = denoodle::eval::Protocol::CleanFid, "--protocol");
    refused(&|s| s.generated = 79, "80 generated against 61 real; cat (cat): 79 generated");
    refused(&|s| s.as_given.real = 60, "the number of drawings differs");
    refused(&|s| s.data.sha256 = "f".repeat(64), "--data");
    refused(&|s| s.data.split_sha256 = "f".repeat(64), "--subset");
    b.without_shared = None;
    assert!(check_side_by_side(&[&a, &b], Against::WithoutShared).is_err());
    b = a.clone();
    b.category = "bus".into();
    b.data.sha256 = "f".repeat(64);
    let table = report::markdown(&[&a, &b]);
    assert!(table.contains("| score | cat (cat) | bus (cat) |"), "{table}");
}

#[test]
fn tables_hold_every_score_and_no_name_breaks_them() {
    let (_folder, divided) = leaky();
    let mut scores = of_good_model(&Sets::new(divided, 80, 1), &[1, 2]);
    scores.category = "a|b_50%&\\x,\"q\"".into();
    let all = [&scores];
    let (markdown, latex, csv) = (report::markdown(&all), report::latex(&all), report::scores_csv(&all));
    for line in markdown.lines().filter(|line| line.starts_with('|')) {
        let cells = line.replace("\\|", "").matches('|').count() - 1;
        assert!([5, 6].contains(&cells), "{line}");
    }
    assert!(latex.contains("a|b\\_50\\%\\&\\textbackslash{}x") && latex.contains("$\\pm$") && !latex.contains(" ± "), "{latex}");
    assert!(csv.lines().nth(1).is_some_and(|line| line.starts_with("\"a|b_50%&\\x,\"\"q\"\"\",runs/cat/best.safetensors,")), "{csv}");
    // A row a seed, and one for the absent score, for both lists.
    assert_eq!(csv.lines().count(), 1 + 2 * (14 * 2 + 1));
    assert_eq!(report::characteristics_csv(&all).lines().count(), 1 + 2 * 14);
    assert!(report::histograms_csv(&all).lines().count() > 100);
    let text = report::text(&all);
    for part in ["FID", "KID", "floor", "real test", "SHA-256 000000000000", "seeds 1, 2", "pen-up distance", "absent: extrapolating needs"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn the_page_about_scores_says_what_the_program_says() {
    let page = include_str!("../docs/evaluation.md").split_whitespace().collect::<Vec<_>>().join(" ");
    for row in denoodle::eval::SCORES {
        assert!(page.contains(row.says) && page.contains(row.source), "docs/evaluation.md lacks the words of {}", row.key);
    }
}
