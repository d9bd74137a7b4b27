//! The procedural sketchbook: repeatable, varied, in the data set's own frame and form, and marked as made up.
#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use denoodle::data::sketchbook::{CATEGORIES, drawing, write};
use denoodle::sketch::Sketch;

fn many(category: &str) -> Vec<Sketch> {
    (0..400).map(|index| drawing(category, 11, index).unwrap()).collect()
}

#[test]
fn drawings_look_like_lines_of_the_data_set() {
    for category in CATEGORIES {
        for (index, sketch) in many(category).iter().enumerate() {
            let told = format!("{category} {index}");
            assert!((4..=14).contains(&sketch.strokes.len()), "{told}: {} strokes", sketch.strokes.len());
            assert!(sketch.strokes.iter().all(|stroke| stroke.points.len() >= 2 && stroke.times.is_none()), "{told}");
            assert!(sketch.points().flatten().all(|v| (0.0..=255.0).contains(v) && v.fract() == 0.0), "{told}");
            assert!((20..160).contains(&sketch.points().count()), "{told}: {} points", sketch.points().count());
            assert!(sketch.bounds().unwrap().side() >= 250.0, "{told}");
            assert_eq!(sketch, &sketch.simplified(denoodle::sketch::RDP_EPSILON), "{told}");
        }
    }
}

#[test]
fn the_large_outline_comes_first() {
    for category in CATEGORIES {
        let sketches = many(category);
        let longest_first = sketches.iter().filter(|sketch| {
            let longest = sketch.strokes.iter().map(|stroke| stroke.length()).fold(0.0, f32::max);
            sketch.strokes[..2].iter().any(|stroke| stroke.length() == longest)
        });
        assert!(longest_first.count() > 240, "{category}");
    }
}

#[test]
fn a_number_always_gives_the_same_drawing_and_no_two_are_alike() {
    let mut seen = HashSet::new();
    for category in CATEGORIES {
        assert_eq!(drawing(category, 11, 399), many(category).pop());
        for seed in [11, 12] {
            for index in 0..200 {
                assert!(seen.insert(format!("{:?}", drawing(category, seed, index).unwrap())), "{category} {seed} {index}");
            }
        }
    }
    assert!(drawing("The Eiffel Tower", 1, 0).is_none());
}

#[test]
fn drawings_vary() {
    for category in CATEGORIES {
        let strokes: HashSet<usize> = many(category).iter().map(|sketch| sketch.strokes.len()).collect();
        assert!(strokes.len() >= 6, "{category}: {strokes:?}");
        let shape = |sketch: &Sketch| {
            let bounds = sketch.bounds().unwrap();
            ((bounds.high[0] - bounds.low[0]) / (bounds.high[1] - bounds.low[1]) * 10.0) as i32
        };
        let shapes: HashSet<i32> = many(category).iter().map(shape).collect();
        assert!(shapes.len() >= 6, "{category}: {shapes:?}");
    }
}

#[test]
fn files_hold_the_drawings_and_say_that_they_are_made_up() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write(&folder.path().join("new/sketchbook"), 25, 3).unwrap();
    assert_eq!(paths.len(), 3);
    for (path, category) in paths.iter().zip(CATEGORIES) {
        assert!(path.ends_with(format!("new/sketchbook/{category}.ndjson")));
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(text.lines().count(), 25);
        for (index, line) in text.lines().enumerate() {
            let json: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!((json["word"].as_str(), json["countrycode"].as_str()), (Some(category), Some("")));
            assert_eq!(json["procedural"], true);
            let read: Vec<[Vec<f32>; 2]> = serde_json::from_value(json["drawing"].clone()).unwrap();
            let made = drawing(category, 3, index as u64).unwrap();
            let points: Vec<[f32; 2]> = read.iter().flat_map(|[x, y]| x.iter().zip(y).map(|(&x, &y)| [x, y])).collect();
            assert_eq!(points, made.points().copied().collect::<Vec<_>>());
        }
    }
    assert_eq!(std::fs::read_dir(folder.path().join("new/sketchbook")).unwrap().count(), 3, "no litter");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    denoodle::util::atomic::write_bytes(&file, b"in the way").unwrap();
    let error = write(&file, 1, 0).unwrap_err();
    assert!(error.to_string().contains("file"), "{error}");
}
